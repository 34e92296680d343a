import type { Chain } from '../chain/chain.ts'
import { bounded, toExactGrid } from './exactSum.ts'
import { EXPOSURE_KINDS, type ExposureKind } from './exposureKinds.ts'

/**
 * Sums of every kind of exposure by strike and by expiry, calls and puts apart. Each contract's figure is put on the
 * exact grid first (`exactSum.ts`), so both ways of summing give the same total bit for bit, and a contract can be
 * taken out and put back without a trace.
 *
 * Slot of a figure: (index·2 + side)·8 + kind. The eight kinds of a strike and side fill one cache line.
 */
export interface ExposureTable {
  readonly byStrike: Float64Array
  readonly byExpiry: Float64Array
}

/** Contracts per row: how many (0 when unknown), and how many dealers are long (negative: short). */
export interface Positions {
  readonly contracts: Float64Array
  readonly signed: Float64Array
}

/** Everything a row's exposures are computed from. `deltaChange` is Δ(1.005 S) − Δ(0.995 S) per row. */
export interface ExposureInputs {
  readonly chain: Chain
  readonly spot: number
  readonly deltaChange: Float64Array
}

export type Side = 'call' | 'put'

const SLOTS = EXPOSURE_KINDS.length
const SLOT = Object.fromEntries(EXPOSURE_KINDS.map((kind, slot) => [kind, slot])) as Record<
  ExposureKind,
  number
>
/** Of one strike or expiry: both sides. */
const STRIDE = 2 * SLOTS

export function createExposureTable(chain: Chain): ExposureTable {
  return {
    byStrike: new Float64Array(chain.strikeCount * STRIDE),
    byExpiry: new Float64Array(chain.expiryCount * STRIDE),
  }
}

export function createPositions(count: number): Positions {
  return { contracts: new Float64Array(count), signed: new Float64Array(count) }
}

export function clearTable(table: ExposureTable): void {
  table.byStrike.fill(0)
  table.byExpiry.fill(0)
}

/** Adds rows [from, to) to the table, or with `direction` −1 takes them out. A row without greeks adds nothing. */
export function addRows(
  table: ExposureTable,
  { chain, spot, deltaChange }: ExposureInputs,
  { contracts, signed }: Positions,
  from: number,
  to: number,
  direction: 1 | -1 = 1,
): void {
  const { gamma, delta, vanna, charm, vega, theta, multiplier, strikeIndex, expiryIndex, callSign } = chain
  const { byStrike, byExpiry } = table
  const onePercent = 0.01
  const perDay = 1 / 365
  const perPercent = spot * spot * onePercent
  // Of a strike or expiry: eight kinds of the call, eight of the put.
  const stride = 16
  for (let row = from; row < to; row++) {
    const gammaHere = gamma[row] as number
    const count = contracts[row] as number
    const held = signed[row] as number
    if ((count === 0 && held === 0) || gammaHere !== gammaHere) continue
    const size = direction * (multiplier[row] as number)
    const position = size * held
    const shares = position * spot
    const side = (callSign[row] as number) > 0 ? 0 : 8
    const k = stride * (strikeIndex[row] as number) + side
    const e = stride * (expiryIndex[row] as number) + side
    // The kinds that are not bounded cannot leave the grid.
    add(byStrike, k, byExpiry, e, bounded(size * count * gammaHere * perPercent))
    add(byStrike, k + 1, byExpiry, e + 1, bounded(position * gammaHere * perPercent))
    add(byStrike, k + 2, byExpiry, e + 2, shares * (deltaChange[row] as number))
    add(byStrike, k + 3, byExpiry, e + 3, shares * (delta[row] as number))
    add(byStrike, k + 4, byExpiry, e + 4, shares * onePercent * (vanna[row] as number))
    add(byStrike, k + 5, byExpiry, e + 5, bounded(shares * perDay * (charm[row] as number)))
    add(byStrike, k + 6, byExpiry, e + 6, position * onePercent * (vega[row] as number))
    add(byStrike, k + 7, byExpiry, e + 7, position * perDay * (theta[row] as number))
  }
}

function add(byStrike: Float64Array, k: number, byExpiry: Float64Array, e: number, exposure: number): void {
  const value = toExactGrid(exposure)
  byStrike[k] = (byStrike[k] as number) + value
  byExpiry[e] = (byExpiry[e] as number) + value
}

/** One kind and side by index (strike or expiry) out of `byStrike` or `byExpiry`. */
export function column(sums: Float64Array, kind: ExposureKind, side: Side): Float64Array {
  const first = slotOf(kind, side)
  const out = new Float64Array(sums.length / STRIDE)
  for (let i = 0; i < out.length; i++) out[i] = sums[STRIDE * i + first] as number
  return out
}

/** The figure of one strike or expiry. */
export function figure(sums: Float64Array, index: number, kind: ExposureKind, side: Side): number {
  return sums[STRIDE * index + slotOf(kind, side)] as number
}

export interface Sides {
  readonly call: number
  readonly put: number
  readonly net: number
}

/** Totals of one kind over expiries [from, to), by default all. */
export function sidesOf(
  { byExpiry }: ExposureTable,
  kind: ExposureKind,
  from = 0,
  to = byExpiry.length / STRIDE,
): Sides {
  const callSlot = slotOf(kind, 'call')
  const putSlot = slotOf(kind, 'put')
  let call = 0
  let put = 0
  for (let e = from; e < to; e++) {
    call += byExpiry[STRIDE * e + callSlot] as number
    put += byExpiry[STRIDE * e + putSlot] as number
  }
  return { call, put, net: call + put }
}

/** Net of one kind above and below spot; a strike exactly at spot counts half to each. */
export function aroundSpot(
  { byStrike }: ExposureTable,
  kind: ExposureKind,
  strikes: Float64Array,
  spot: number,
): { aboveSpot: number; belowSpot: number } {
  const callSlot = slotOf(kind, 'call')
  const putSlot = slotOf(kind, 'put')
  let aboveSpot = 0
  let belowSpot = 0
  for (let k = 0; k < strikes.length; k++) {
    const net = (byStrike[STRIDE * k + callSlot] as number) + (byStrike[STRIDE * k + putSlot] as number)
    const strike = strikes[k] as number
    const above = strike > spot ? 1 : strike < spot ? 0 : 0.5
    aboveSpot += above * net
    belowSpot += (1 - above) * net
  }
  return { aboveSpot, belowSpot }
}

function slotOf(kind: ExposureKind, side: Side): number {
  return SLOT[kind] + (side === 'call' ? 0 : SLOTS)
}
