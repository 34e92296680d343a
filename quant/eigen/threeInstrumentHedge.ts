import type { Chain } from '../chain/chain.ts'
import type { Right } from '../pricing/blackScholes.ts'
import { strikeAtDelta } from '../volatility/deltaStrike.ts'
import type { SmileFit } from '../volatility/fitSmile.ts'
import { sliceOf } from '../volatility/tenorSlice.ts'
import { columnCondition, linearSolve } from './linearSolve.ts'
import type { LoadingSurface } from './loadingSurface.ts'
import { pcExposures } from './pcExposure.ts'

export type InstrumentKind = 'straddle' | 'riskReversal' | 'butterfly'

export interface HedgeLeg {
  readonly right: Right
  readonly strike: number
  readonly expiryMs: number
  /** Contracts in one of the instrument, sold negative. */
  readonly quantity: number
}

export interface HedgeInstrument {
  /**
   * `straddle` at the forward. `riskReversal`: 25-delta call less 25-delta put. `butterfly`: both of those less the
   * straddle.
   */
  readonly kind: InstrumentKind
  /** How many to buy, sold negative; not rounded. */
  readonly quantity: number
  readonly legs: readonly HedgeLeg[]
  /** Currency per unit of each component, of one instrument: a column of B. */
  readonly perUnit: readonly number[]
}

export type NoHedgeReason = 'no_expiry' | 'no_straddle' | 'no_25_delta_strikes' | 'singular'

export interface ThreeInstrumentHedge {
  /** Expiry of all three: the fitted one nearest 30 days. */
  readonly expiryMs: number | null
  /** Empty when there is no hedge. */
  readonly instruments: readonly HedgeInstrument[]
  /** Of B with its columns at length 1, 1-norm; null when singular or not built. */
  readonly condition: number | null
  /** β + B·h, currency per unit of each component: zero but for rounding. */
  readonly residual: readonly number[] | null
  readonly reason: NoHedgeReason | null
}

const HEDGE_YEARS = 30 / 365
const WORST_CONDITION = 1e8

/** Rows of the listed contracts the instruments are made of. */
interface Legs {
  readonly atmCall: number
  readonly atmPut: number
  readonly call25: number
  readonly put25: number
}

/** What to trade so that no component is left: h solves B·h = −β. `fits` ascend in time. */
export function threeInstrumentHedge(
  chain: Chain,
  fits: readonly SmileFit[],
  surface: LoadingSurface,
  exposures: readonly number[],
): ThreeInstrumentHedge {
  const [first] = fits
  if (first === undefined) return none(null, 'no_expiry')
  const distance = ({ years }: SmileFit): number => Math.abs(years - HEDGE_YEARS)
  const fit = fits.reduce((best, fit) => (distance(fit) < distance(best) ? fit : best), first)
  const e = chain.expiryMs.indexOf(fit.expiryMs)
  if (e < 0) return none(fit.expiryMs, 'no_expiry')
  const legs = findLegs(chain, e, fit)
  if (typeof legs === 'string') return none(fit.expiryMs, legs)
  const built = instrumentsOf(legs).map(({ kind, rows }) => {
    const positions = new Float64Array(chain.count)
    for (const [row, quantity] of rows) positions[row] = (positions[row] as number) + quantity
    const { perUnit } = pcExposures(chain, fits, surface, positions, e, e + 1)
    return { kind, legs: rows.map(([row, quantity]) => legOf(chain, row, fit.expiryMs, quantity)), perUnit }
  })
  const matrix = exposures.map((_, j) => built.map(({ perUnit }) => perUnit[j] ?? Number.NaN))
  const condition = columnCondition(matrix)
  const quantities = linearSolve(
    matrix,
    exposures.map((exposure) => -exposure),
  )
  if (condition === null || condition > WORST_CONDITION || quantities === null) {
    return { ...none(fit.expiryMs, 'singular'), condition }
  }
  const quantity = (i: number): number => quantities[i] ?? Number.NaN
  return {
    expiryMs: fit.expiryMs,
    instruments: built.map((instrument, i) => ({ ...instrument, quantity: quantity(i) })),
    condition,
    residual: exposures.map((exposure, j) =>
      built.reduce((sum, { perUnit }, i) => sum + (perUnit[j] ?? Number.NaN) * quantity(i), exposure),
    ),
    reason: null,
  }
}

function none(expiryMs: number | null, reason: NoHedgeReason): ThreeInstrumentHedge {
  return { expiryMs, instruments: [], condition: null, residual: null, reason }
}

function instrumentsOf({ atmCall, atmPut, call25, put25 }: Legs): readonly {
  readonly kind: InstrumentKind
  /** Chain row and contracts of each leg. */
  readonly rows: readonly (readonly [number, number])[]
}[] {
  return [
    {
      kind: 'straddle',
      rows: [
        [atmCall, 1],
        [atmPut, 1],
      ],
    },
    {
      kind: 'riskReversal',
      rows: [
        [call25, 1],
        [put25, -1],
      ],
    },
    {
      kind: 'butterfly',
      rows: [
        [call25, 1],
        [put25, 1],
        [atmCall, -1],
        [atmPut, -1],
      ],
    },
  ]
}

function legOf(chain: Chain, row: number, expiryMs: number, quantity: number): HedgeLeg {
  const right = (chain.callSign[row] as number) > 0 ? 'call' : 'put'
  return { right, strike: chain.strike[row] as number, expiryMs, quantity }
}

function findLegs(chain: Chain, e: number, fit: SmileFit): Legs | NoHedgeReason {
  const atmCall = nearestRow(chain, e, 1, fit.forward, true)
  if (atmCall < 0) return 'no_straddle'
  const slice = sliceOf(fit)
  const listed = (right: Right): number => {
    const k = strikeAtDelta(slice, 0.25, right)
    return k === null ? -1 : nearestRow(chain, e, right === 'call' ? 1 : -1, fit.forward * Math.exp(k), false)
  }
  const [call25, put25] = [listed('call'), listed('put')]
  if (call25 < 0 || put25 < 0) return 'no_25_delta_strikes'
  return { atmCall, atmPut: chain.partner[atmCall] as number, call25, put25 }
}

/** The contract of one right with volatility and vega whose strike is nearest; −1 when there is none. */
function nearestRow(chain: Chain, e: number, side: 1 | -1, strike: number, isPaired: boolean): number {
  let best = -1
  let least = Infinity
  for (let row = chain.expiryStart[e] as number; row < (chain.expiryStart[e + 1] as number); row++) {
    if (chain.callSign[row] !== side || (isPaired && (chain.partner[row] as number) < 0)) continue
    const distance = Math.abs((chain.strike[row] as number) - strike)
    if (!((chain.vega[row] as number) > 0 && (chain.vol[row] as number) > 0) || distance >= least) continue
    best = row
    least = distance
  }
  return best
}
