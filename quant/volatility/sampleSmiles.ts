/** Smiles and engines with known answers, for the tests of this folder. */
import { engineOf } from '../analytics.ts'
import { reprice, type Engine } from '../analytics/engine.ts'
import { sampleContracts, SAMPLE_MARKET, type SampleMarket } from '../chain/sampleChain.ts'
import type { SmileFit } from './fitSmile.ts'
import { curveAt, type SviCurve } from './smileCurve.ts'

/** A smile like a month of SPX in 2025, stretched to any time to settlement. */
export function sviFit(days: number, changes: Partial<SviCurve> = {}, forward = 6500): SmileFit {
  const years = days / 365
  const stretch = Math.sqrt(days / 30)
  const curve: SviCurve = {
    model: 'svi',
    a: -0.0021 * stretch ** 2,
    b: 0.04 * stretch,
    rho: -0.09,
    m: 0.036 * stretch,
    sigma: 0.083 * stretch,
    ...changes,
  }
  return fitOf(curve, years, forward)
}

/** The same volatility at every strike. */
export function flatFit(days: number, vol: number, forward = 6500): SmileFit {
  const years = days / 365
  return fitOf({ model: 'svi', a: vol * vol * years, b: 0, rho: 0, m: 0, sigma: 0.1 }, years, forward)
}

function fitOf(curve: SviCurve, years: number, forward: number): SmileFit {
  const deviation = Math.sqrt(curveAt(curve, 0).w)
  return {
    expiryMs: Math.round(years * 365 * 86_400_000),
    years,
    forward,
    discount: Math.exp(-0.04 * years),
    curve,
    atmVol: deviation / Math.sqrt(years),
    kMin: -5 * deviation,
    kMax: 5 * deviation,
    quality: { rowsQuoted: 80, rowsFitted: 80, rmseVolPts: 0, insideSpread: 1, leastDurrleman: 0.2 },
    flags: [],
  }
}

export function sampleEngine(changes: Partial<SampleMarket> = {}): Engine {
  const engine = engineOf(sampleContracts(changes))
  reprice(engine, changes.spot ?? SAMPLE_MARKET.spot, SAMPLE_MARKET.nowMs)
  return engine
}
