import { volatilityStructure, type VolatilityStructure } from '#quant/volatility/volatilityStructure'
import type { ChainLayout } from '../analytics/chainLayout.ts'
import type { SymbolFigures } from '../analytics/symbolAnalytics.ts'

/** Smiles move slowly beside quotes, and fitting a large chain takes tens of milliseconds. */
const REFIT_AFTER_MS = 10_000
/** In ln: a spot this far away sees another part of the smile. */
const REFIT_SPOT_MOVE = 2e-3

/** The newest volatility structure of a symbol, fitted again when market time or spot has moved on. */
export class VolatilityCache {
  #held: { readonly structure: VolatilityStructure; readonly layout: ChainLayout } | null = null

  /** `figures` must be the newest: the engine behind older ones has moved on. */
  read({ engine, layout }: SymbolFigures): VolatilityStructure {
    if (this.#held === null || this.#held.layout !== layout || isDue(this.#held.structure, engine)) {
      this.#held = { structure: volatilityStructure(engine), layout }
    }
    return this.#held.structure
  }
}

function isDue(held: VolatilityStructure, { asOfMs, spot }: { asOfMs: number; spot: number }): boolean {
  const ageMs = asOfMs - held.asOfMs
  // Market time goes back when a recording starts over.
  return ageMs < 0 || ageMs >= REFIT_AFTER_MS || Math.abs(Math.log(spot / held.spot)) > REFIT_SPOT_MOVE
}
