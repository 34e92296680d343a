/** The level variants of `analyze --json`: every flip definition, pin score, concentration. */
import { signInputs, type Engine } from '#quant/analytics/engine'
import { levelVariants } from '#quant/levels/levelVariants'

/** Needs an engine that has been analysed: the skew the sign models read is filled there. */
export function levelsAnswer(engine: Engine) {
  return levelVariants(engine, signInputs(engine))
}
