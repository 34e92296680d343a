/**
 * What a symbol's prints say of customers' buying and selling, in bounded space: totals of the session, decayed flow of
 * delta, gamma and vega, and the newest prints, so that a cancel takes back exactly what its print added. Per contract
 * the caller keeps the counts that `addPrint` returns. Plain JSON throughout.
 *
 * Greeks are those of the caller's last valuation and not of the print's instant; a print without them counts in the
 * totals and lowers coverage.
 */
import { aggressorOf, noSide, type Aggressor, type QuoteAtPrint } from './aggressor.ts'
import { conditionPolicy } from './conditions.ts'
import { addToSums, emptySums, type DecayedSums, type FlowAmounts } from './decayedSums.ts'

export interface Print {
  /** Any name that is the same for the print and its cancel. */
  readonly contract: string
  /** Per unit of underlying. */
  readonly price: number
  /** Contracts. */
  readonly size: number
  /** Market time; NaN when it is not known. */
  readonly eventMs: number
  readonly conditionCode: number
  /** Units of underlying per contract. */
  readonly multiplier: number
}

/** Per 1.00 of underlying and 1.00 of volatility, as a chain holds them; `spot` is the one they belong to. */
export interface PrintGreeks {
  readonly spot: number
  readonly delta: number
  readonly gamma: number
  readonly vega: number
}

/** What the print changes about its contract, in contracts. */
export interface PrintEffect {
  readonly volume: number
  /** (2p − 1) · size: customers' purchases less sales, as expected; null when the side is not known. */
  readonly signed: number | null
  readonly unclassified: number
  /** Null for a cancel: it has no side of its own. */
  readonly aggressor: Aggressor | null
}

interface RecentPrint {
  readonly contract: string
  readonly price: number
  readonly size: number
  readonly eventMs: number | null
  readonly signed: number | null
  readonly premium: number
  readonly amounts: FlowAmounts
}

export interface FlowState {
  /** yyyymmdd the totals are of; 0 before the first print. */
  sessionDate: number
  /** Traded, and of those with a known side. */
  contracts: number
  classifiedContracts: number
  /** Σ price · size · multiplier, in currency. */
  premium: number
  rates: DecayedSums
  /** Oldest first. */
  recent: RecentPrint[]
}

/** Of the symbol. A cancel of an older print takes back its volume; what side it had is forgotten. */
const REMEMBERED_PRINTS = 256
/** A count above this is a fault of the data. */
const MOST_CONTRACTS = 1e9
const NOTHING: PrintEffect = { volume: 0, signed: null, unclassified: 0, aggressor: null }

export function emptyFlow(): FlowState {
  return { sessionDate: 0, contracts: 0, classifiedContracts: 0, premium: 0, rates: emptySums(), recent: [] }
}

/** Changes `state` in place. A print of another session than the held one begins that session. */
export function addPrint(
  state: FlowState,
  sessionDate: number,
  print: Print,
  quote: QuoteAtPrint,
  priceIncrement: number,
  greeks: PrintGreeks | null,
): PrintEffect {
  if (!(print.size > 0 && print.size <= MOST_CONTRACTS)) return NOTHING
  if (sessionDate !== state.sessionDate) Object.assign(state, emptyFlow(), { sessionDate })
  const policy = conditionPolicy(print.conditionCode)
  if (policy.cancels) return takeBack(state, print)
  const aggressor = policy.aggressor ? aggressorOf(print, quote, priceIncrement) : noSide('condition')
  const { contract, price, size, eventMs, multiplier } = print
  const signed = aggressor.pBuy === null ? null : (2 * aggressor.pBuy - 1) * size
  const premium = policy.premium ? price * size * multiplier : 0
  const remembered: RecentPrint = {
    contract,
    price,
    size,
    eventMs: Number.isFinite(eventMs) ? eventMs : null,
    signed,
    premium: premium > 0 && premium < Infinity ? premium : 0,
    amounts: amountsOf(print, signed, greeks),
  }
  state.recent.push(remembered)
  if (state.recent.length > REMEMBERED_PRINTS) state.recent.shift()
  return { ...count(state, remembered, 1), aggressor }
}

/** The newest print that the cancel can mean; the tape does not name it. */
function takeBack(state: FlowState, { contract, price, size }: Print): PrintEffect {
  const at = state.recent.findLastIndex(
    (print) => print.contract === contract && print.price === price && print.size === size,
  )
  const [cancelled] = at < 0 ? [] : state.recent.splice(at, 1)
  if (cancelled === undefined) {
    state.contracts = Math.max(0, state.contracts - size)
    return { ...NOTHING, volume: -size }
  }
  return { ...count(state, cancelled, -1), aggressor: null }
}

function count(
  state: FlowState,
  { size, signed, premium, eventMs, amounts }: RecentPrint,
  factor: 1 | -1,
): Omit<PrintEffect, 'aggressor'> {
  state.contracts += factor * size
  if (signed !== null) state.classifiedContracts += factor * size
  state.premium += factor * premium
  if (eventMs !== null) addToSums(state.rates, eventMs, amounts, factor)
  return {
    volume: factor * size,
    signed: signed === null ? null : factor * signed,
    unclassified: signed === null ? factor * size : 0,
  }
}

/**
 * In currency: delta Δ·N·S, gamma Γ·N·S²·0.01 per +1 % of spot, vega·N·0.01 per vol point, with N = (2p − 1)·size·
 * multiplier for what is signed and size·multiplier for what is absolute.
 */
function amountsOf(
  { size, multiplier }: Print,
  signed: number | null,
  greeks: PrintGreeks | null,
): FlowAmounts {
  const none = { delta: 0, gamma: 0, vega: 0, absoluteDelta: 0, absoluteVega: 0 }
  const unvalued = { ...none, contracts: size, valuedContracts: 0, valuedPrints: 0 }
  if (signed === null || greeks === null) return unvalued
  const { spot, delta, gamma, vega } = greeks
  const units = size * multiplier
  const signedUnits = signed * multiplier
  const amounts: FlowAmounts = {
    delta: delta * signedUnits * spot,
    gamma: 0.01 * gamma * signedUnits * spot * spot,
    vega: 0.01 * vega * signedUnits,
    absoluteDelta: Math.abs(delta) * units * spot,
    absoluteVega: 0.01 * Math.abs(vega) * units,
    contracts: size,
    valuedContracts: size,
    valuedPrints: 1,
  }
  return Object.values(amounts).every(Number.isFinite) ? amounts : unvalued
}
