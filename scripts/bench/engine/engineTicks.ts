/** Work of a live engine, the same in any runtime. */
import { analyse } from '#quant/analytics'
import { reprice, type Engine } from '#quant/analytics/engine'
import { applyQuote } from '#quant/analytics/incremental'
import { decidingRow } from '#quant/chain/outOfTheMoneyVol'
import { readProfile } from '#quant/levels/gammaProfile'
import { zeroGamma } from '#quant/levels/zeroGamma'

export function fullAnalysis(engine: Engine, spot: number, asOfMs: number, warm: boolean): void {
  engine.isWarm = warm
  reprice(engine, spot, asOfMs)
  analyse(engine)
}

/** Ticks that move the mid of a strike's deciding row, where it has one, up and down by a twentieth of a percent. */
export function engineTicks(engine: Engine): (ticks: number) => void {
  const { chain } = engine
  const rows = Int32Array.from(chain.strike.keys()).filter(
    (row) => decidingRow(chain, row) === row && (chain.vol[row] as number) > 0,
  )
  const mids = chain.price.slice()
  let n = 0
  return (ticks) => {
    for (const end = n + ticks; n < end; n++) {
      // A stride prime to the count walks the chain in an order no cache foresees.
      const row = rows[(7919 * n) % rows.length] as number
      const mid = (mids[row] as number) * (Math.floor(n / rows.length) % 2 === 0 ? 1.0005 : 1)
      applyQuote(engine, row, 0.999 * mid, 1.001 * mid)
    }
  }
}

/** Zero gamma of all expiries from the profile the engine keeps. */
export function flipOf({ profile, terms, sections, spot }: Engine): number | null {
  readProfile(profile, sections)
  return zeroGamma('all', profile, terms, sections, spot).nearest
}
