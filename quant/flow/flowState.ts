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

/** What the print changes about its contract's flow, in contracts. Volume follows from its condition alone. */
export interface PrintEffect {
  /** (2p − 1) · size: customers' purchases less sales, as expected; null when the side is not known. */
  readonly signed: number | null
  readonly unclassified: number
  /** Null for a cancel: it has no side of its own. */
  readonly aggressor: Aggressor | null
}

/** Per contract, in currency: delta Δ·M·S, gamma Γ·M·S²·0.01 per +1 % of spot, vega·M·0.01 per vol point. */
interface ContractValue {
  readonly delta: number
  readonly gamma: number
  readonly vega: number
}

interface RecentPrint {
  readonly contract: string
  readonly price: number
  readonly size: number
  readonly eventMs: number | null
  readonly signed: number | null
  readonly premium: number
  readonly value: ContractValue | null
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
/** So is a contract worth more than this in any greek; sums of such would overflow. */
const MOST_VALUE = 1e15
const NO_FLOW: FlowAmounts = {
  delta: 0,
  gamma: 0,
  vega: 0,
  absoluteDelta: 0,
  absoluteVega: 0,
  contracts: 0,
  valuedContracts: 0,
  valuedPrints: 0,
}
const NOTHING: PrintEffect = { signed: null, unclassified: 0, aggressor: null }

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
    value: greeks === null ? null : valueOf(multiplier, greeks),
  }
  // No cancel can name a price that is none.
  if (Number.isFinite(price)) state.recent.push(remembered)
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
    return NOTHING
  }
  return { ...count(state, cancelled, -1), aggressor: null }
}

function count(state: FlowState, print: RecentPrint, factor: 1 | -1): Omit<PrintEffect, 'aggressor'> {
  const { size, signed, premium, eventMs } = print
  state.contracts += factor * size
  if (signed !== null) state.classifiedContracts += factor * size
  state.premium += factor * premium
  if (eventMs !== null) addToSums(state.rates, eventMs, amountsOf(print), factor)
  return {
    signed: signed === null ? null : factor * signed,
    unclassified: signed === null ? factor * size : 0,
  }
}

function amountsOf({ size, signed, value }: RecentPrint): FlowAmounts {
  if (signed === null || value === null) return { ...NO_FLOW, contracts: size }
  return {
    delta: value.delta * signed,
    gamma: value.gamma * signed,
    vega: value.vega * signed,
    absoluteDelta: Math.abs(value.delta) * size,
    absoluteVega: Math.abs(value.vega) * size,
    contracts: size,
    valuedContracts: size,
    valuedPrints: 1,
  }
}

/** Null where greeks are damaged. */
function valueOf(multiplier: number, { spot, delta, gamma, vega }: PrintGreeks): ContractValue | null {
  const value = {
    delta: delta * multiplier * spot,
    gamma: 0.01 * gamma * multiplier * spot * spot,
    vega: 0.01 * vega * multiplier,
  }
  return Object.values(value).every((each) => Math.abs(each) <= MOST_VALUE) ? value : null
}
