import { measureAll, type Engine } from '../analytics/engine.ts'
import { shadowOf } from '../analytics/shadow.ts'
import { whyUnpriced } from '../analytics/unpriced.ts'
import { setClock } from '../chain/layout.ts'
import { greeksAll } from '../kernel/greeks.ts'
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
 * With T left at the close, a European option is never below max(0, ±(S·e^(−qT) − K·e^(−rT))) then, so it loses at most
 * its value above that: its extrinsic value where rate and yield are zero, up to S·(1 − e^(−qT)) (calls) or
 * K·(1 − e^(−rT)) (puts) more where they are positive.
 */
export function valueLostBy(engine: Engine, closeMs: number): Float64Array {
  const { chain } = engine
  const later = valueAt(engine, closeMs)
  return chain.value.map((value, row) => {
    const exercise = exerciseValue(engine, row)
    const hasSettled = (chain.expiryMs[chain.expiryIndex[row] as number] as number) <= closeMs
    const atClose = hasSettled ? exercise : (later[row] as number)
    return worth(engine, value, exercise) - worth(engine, atClose, exercise)
  })
}

/** Model value of each row at `closeMs`, overwritten by the next use of the engine's shadow. */
function valueAt(engine: Engine, closeMs: number): Float64Array {
  const { chain, spot } = shadowOf(engine)
  setClock(chain, closeMs)
  for (let e = 0; e < chain.expiryCount; e++) {
    const share = (chain.years[e] as number) / (engine.chain.years[e] as number)
    chain.forward[e] = spot * ((chain.forward[e] as number) / spot) ** share
    chain.discount[e] = (chain.discount[e] as number) ** share
  }
  greeksAll(chain, spot)
  return chain.value
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
  const gross = sumColumn(chain, perUnit, contracts).byExpiry
  const net = sumColumn(chain, perUnit, signed).byExpiry
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
