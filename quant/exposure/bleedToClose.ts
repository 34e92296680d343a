import { measureAll, type Engine } from '../analytics/engine.ts'
import { whyUnpriced } from '../analytics/unpriced.ts'
import { yearsToExpiry } from '../contracts/yearsToExpiry.ts'
import { black76 } from '../pricing/black76.ts'
import { sidesOfColumns, sumColumn } from './columnSums.ts'
import type { Sides } from './exposureTable.ts'

/** `gross` counts every open contract as held, `signed` what dealers hold under the engine's model. */
export interface Decay {
  readonly gross: Sides
  readonly signed: Sides
}

export interface DecayTotals {
  readonly all: Decay
  /** Expiries that settle by the close; null when none does. */
  readonly settling: Decay | null
}

export type BleedToClose =
  | {
      readonly ok: true
      /** Currency lost by the close, positive when value goes. */
      readonly bleed: DecayTotals
      /** Currency above what exercise at spot would pay. Of what settles by the close it is the bleed, bit for bit. */
      readonly extrinsic: DecayTotals
      /** Θ as quoted, currency per calendar day, negative when value goes: near settlement far more than is left to lose. */
      readonly thetaPerDay: DecayTotals
      /** Of gross `thetaPerDay`, what settles by the close; null when nothing does. */
      readonly settlingShareOfTheta: number | null
      readonly note: string | null
    }
  | { readonly ok: false; readonly reason: string }

const AMERICAN_NOTE =
  'American options at the larger of European and exercise value: what their premium above it loses is left out'
const DAYS_PER_YEAR = 365

/** What open options lose from now to `closeMs` (UTC ms) if spot, volatilities and carry stay as they are. */
export function bleedToClose(engine: Engine, closeMs: number): BleedToClose {
  const reason = closeMs > engine.asOfMs ? whyUnpriced(engine) : 'the close is not ahead'
  if (reason !== null) return { ok: false, reason }
  if (!engine.isMeasured) measureAll(engine)
  const settlingEnd = endOfSettling(engine, closeMs)
  const totals = (perUnit: Float64Array): DecayTotals => decayTotals(engine, perUnit, settlingEnd)
  const thetaPerDay = totals(engine.chain.theta.map((theta) => theta / DAYS_PER_YEAR))
  const { all, settling } = thetaPerDay
  return {
    ok: true,
    bleed: totals(valueLostBy(engine, closeMs)),
    extrinsic: totals(extrinsicValue(engine)),
    thetaPerDay,
    settlingShareOfTheta:
      settling === null || all.gross.net === 0 ? null : settling.gross.net / all.gross.net,
    note: engine.premiums === null ? null : AMERICAN_NOTE,
  }
}

/**
 * P(now) − P(spot, closeMs) of each row, per unit of underlying; NaN without greeks. What has settled by then is worth its
 * exercise at spot.
 *
 * A European option is never below max(0, ±(S·e^(−qT) − K·e^(−rT))) at the close, so it loses at most its value above
 * that: its extrinsic value where rate and yield are zero, else up to S·(1 − e^(−qT)) or K·(1 − e^(−rT)) more.
 */
export function valueLostBy(engine: Engine, closeMs: number): Float64Array {
  const { chain, spot } = engine
  const lost = new Float64Array(chain.count)
  for (let e = 0; e < chain.expiryCount; e++) {
    const years = yearsToExpiry(chain.expiryMs[e] as number, closeMs)
    const share = years / (chain.years[e] as number)
    const forward = spot * ((chain.forward[e] as number) / spot) ** share
    const discount = (chain.discount[e] as number) ** share
    for (let row = chain.expiryStart[e] as number; row < (chain.expiryStart[e + 1] as number); row++) {
      const exercise = exerciseValue(engine, row)
      let later = exercise
      if (years > 0) {
        const strike = chain.strike[row] as number
        const right = (chain.callSign[row] as number) > 0 ? 'call' : 'put'
        later = worth(
          engine,
          black76({ forward, strike, years, discount, vol: chain.vol[row] as number, right }),
          exercise,
        )
      }
      lost[row] = worth(engine, chain.value[row] as number, exercise) - later
    }
  }
  return lost
}

/** Model value above exercise at spot of each row, per unit of underlying; NaN without greeks. */
function extrinsicValue(engine: Engine): Float64Array {
  return engine.chain.value.map((value, row) => {
    const exercise = exerciseValue(engine, row)
    return worth(engine, value, exercise) - exercise
  })
}

function exerciseValue({ chain, spot }: Engine, row: number): number {
  return Math.max(0, (chain.callSign[row] as number) * (spot - (chain.strike[row] as number)))
}

/** An American option is worth no less than its exercise. */
function worth({ premiums }: Engine, european: number, exercise: number): number {
  return premiums === null ? european : Math.max(european, exercise)
}

function endOfSettling({ chain, sections }: Engine, closeMs: number): number {
  let e = sections.frontExpiry
  while (e < chain.expiryCount && (chain.expiryMs[e] as number) <= closeMs) e++
  return e
}

function decayTotals(
  { chain, measure, sections }: Engine,
  perUnit: Float64Array,
  settlingEnd: number,
): DecayTotals {
  const { contracts, signed } = measure.openInterest.positions
  const byExpiry = (held: Float64Array) =>
    sumColumn(
      chain,
      perUnit.map((amount, row) => (held[row] as number) * (chain.multiplier[row] as number) * amount),
    ).byExpiry
  const gross = byExpiry(contracts)
  const net = byExpiry(signed)
  const over = (from: number, to: number): Decay => ({
    gross: sidesOfColumns(gross, from, to),
    signed: sidesOfColumns(net, from, to),
  })
  const from = sections.frontExpiry
  return {
    all: over(from, chain.expiryCount),
    settling: settlingEnd > from ? over(from, settlingEnd) : null,
  }
}
