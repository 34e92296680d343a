/**
 * One tick at a time, at a cost that does not depend on the size of the chain: whatever a tick changes leaves every sum
 * it is in, is computed anew and comes back. `analyse` then reads sums that are already right.
 *
 * The forward and discount of each expiry stay those of the last `reprice`, scaled with spot: a parity forward moves
 * with the quotes near the money by no more than their spreads, and one contract's tick must not reprice its expiry.
 * Clock and skew (model M6) stay too, and what early exercise is worth in a price. `isRepriceDue` says when that has gone
 * on long enough.
 *
 * Exposure sums equal those of a full measure bit for bit (`exactSum.ts`). Volatilities equal those solved from scratch
 * at the same forwards within 1e-9 relative, profile levels within 1e-9 of the largest level.
 */
import { decidingRow, solveStrikeVol } from '../chain/outOfTheMoneyVol.ts'
import { addToMeasure, measureExposures, weighExposures } from '../exposure/measure.ts'
import { finiteDeltaChange } from '../exposure/finiteMove.ts'
import { addToProfile } from '../levels/gammaProfile.ts'
import {
  fillGreeks,
  fillProfileTerms,
  measureAll,
  moveSpot,
  putQuote,
  signInputs,
  type Engine,
} from './engine.ts'

/** A spot this far, in ln, from where volatilities were solved has slid along the smile far enough to look again. */
const LARGEST_SPOT_MOVE = 1e-3
/** Gamma at the money grows with 1/√T: a hundredth of the time left is half a percent of it. */
const LARGEST_SHARE_OF_TIME = 0.01

/**
 * A new quote for a row; an absent side is NaN or 0. Only the out-of-the-money row of a strike decides its volatility,
 * and so the figures of call and put: a tick of the other row, or one that leaves the mid where it was, ends there.
 */
export function applyQuote(engine: Engine, row: number, bid: number, ask: number): void {
  const { chain, spot, measure, quoteFaults } = engine
  if (!engine.isMeasured) measureAll(engine)
  const priceBefore = chain.price[row] as number
  putQuote(engine, row, bid, ask)
  const deciding = decidingRow(chain, row)
  if (deciding !== row) chain.volStatus[row] = chain.volStatus[deciding] as number
  if (deciding !== row || chain.price[row] === priceBefore) return
  const first = firstOfPair(engine, row)
  const end = endOfPair(engine, row)
  takeOut(engine, first, end)
  solveStrikeVol(chain, quoteFaults, row)
  fillGreeks(engine, first, end)
  finiteDeltaChange(chain, spot, measure.deltaChange, first, end)
  putBack(engine, first, end)
}

/** New open interest (NaN when unknown) and session volume of a row. */
export function applyCounts(engine: Engine, row: number, openInterest: number, volume: number): void {
  const { chain, measure, options } = engine
  if (!engine.isMeasured) measureAll(engine)
  const first = firstOfPair(engine, row)
  const end = endOfPair(engine, row)
  takeOut(engine, first, end)
  chain.openInterest[row] = openInterest
  chain.volume[row] = volume
  weighExposures(measure, options.signModel, signInputs(engine), row, row + 1)
  putBack(engine, first, end)
}

/** Spot alone moved: greeks and exposures are computed anew, profile and volatilities stay as they are. */
export function applySpot(engine: Engine, spot: number): void {
  if (!engine.isMeasured) measureAll(engine)
  moveSpot(engine, spot)
  measureExposures(engine.measure, engine.chain, spot)
  engine.isMeasured = true
}

/** Whether a spot and an instant are so far from those of the last `reprice` that forwards and volatilities need another. */
export function isRepriceDue(
  { chain, sections, repricedSpot, asOfMs }: Engine,
  spot: number,
  nowMs: number,
): boolean {
  if (!(Math.abs(Math.log(spot / repricedSpot)) <= LARGEST_SPOT_MOVE)) return true
  const nextExpiryMs = chain.expiryMs[sections.frontExpiry] ?? Infinity
  return nowMs - asOfMs > LARGEST_SHARE_OF_TIME * (nextExpiryMs - asOfMs)
}

function firstOfPair({ chain }: Engine, row: number): number {
  const partner = chain.partner[row] as number
  return partner < 0 ? row : Math.min(row, partner)
}

function endOfPair({ chain }: Engine, row: number): number {
  return Math.max(row, chain.partner[row] as number) + 1
}

function takeOut({ measure, chain, spot, profile, terms, sections }: Engine, from: number, to: number): void {
  addToMeasure(measure, chain, spot, from, to, -1)
  if (from >= sections.start) addToProfile(profile, terms, sections, from, to, -1)
}

function putBack(engine: Engine, from: number, to: number): void {
  const { measure, chain, spot, profile, terms, sections } = engine
  addToMeasure(measure, chain, spot, from, to, 1)
  if (from < sections.start) return
  fillProfileTerms(engine, from, to)
  addToProfile(profile, terms, sections, from, to, 1)
}
