/**
 * What a recorded chain says, in our terms and whoever recorded it: one underlying, one instant, every listed contract.
 * A figure the vendor did not give, or gave as a sentinel, is null beside its reason; it is never 0.
 */
import type { MissingReason, Right } from '#schemas/tick'

export interface ChainRow {
  /** As the vendor names the contract, e.g. `SPXW250904C06485000`. */
  readonly symbol: string
  /** Option root, which decides the contract's terms (`#quant/contracts/rootMaster`). */
  readonly root: string
  /** Listed expiry, `YYYY-MM-DD`. */
  readonly expiryDate: string
  readonly strike: number
  readonly right: Right
  /** Prices per unit of underlying, in its currency. */
  readonly bid: number | null
  readonly ask: number | null
  readonly quoteMissing: MissingReason
  /** Last print, of any day where the vendor keeps it; null when there is none. */
  readonly last: number | null
  /** Contracts traded this session. */
  readonly volume: number | null
  /** Contracts open, never units of the underlying; as of which session is the snapshot's `openInterestOf`. */
  readonly openInterest: number | null
  /** Contracts open after the session before that; absent where the vendor does not publish it. */
  readonly previousOpenInterest?: number | null
  /** The vendor's implied volatility as a fraction (0.2 = 20 %). */
  readonly vendorIv: number | null
  readonly vendorIvMissing: MissingReason
  readonly vendorDelta: number | null
  /** Per 1.00 of underlying, rounded by the vendor. */
  readonly vendorGamma: number | null
}

/** A record that is not a contract we can use. `line` is 1-based in a CSV, the option's position in a JSON body. */
export interface RejectedRow {
  readonly line: number
  readonly found: string
  readonly reason: string
}

/** Who recorded a chain, as batches name their source. */
export type ChainSource = 'cboe-file' | 'nse-file'

export interface ChainSnapshot {
  readonly source: ChainSource
  /** `SPX`, `RUT`, `SPY`: no caret, no underscore. */
  readonly underlying: string
  readonly spot: number
  readonly bid: number | null
  readonly ask: number | null
  /** When the file was asked for, UTC ms. */
  readonly pulledAtMs: number
  /** The instant to measure time to expiry from, UTC ms: the last moment the quotes can have been made. */
  readonly asOfMs: number
  /** `previous_session`: published overnight. `this_session`: moves while the market trades. */
  readonly openInterestOf: 'previous_session' | 'this_session'
  readonly rows: readonly ChainRow[]
  readonly rejected: readonly RejectedRow[]
}

/** One line for a person: what was expected, what was found, and where in the text. */
export interface ChainProblem {
  readonly expected: string
  readonly found: string
  /** `line 4`, `offset 1207`, `data.options`; empty when it is the file as a whole. */
  readonly where: string
}

export type ChainResult =
  | { readonly ok: true; readonly snapshot: ChainSnapshot }
  | { readonly ok: false; readonly problem: ChainProblem }

export function problem(expected: string, found: string, where: string): ChainResult {
  return { ok: false, problem: { expected, found, where } }
}

export function describeProblem({ expected, found, where }: ChainProblem): string {
  const line = `expected ${expected}, found ${found}${where === '' ? '' : ` at ${where}`}`
  return line.replace(/\s+/g, ' ')
}

/** A quotable piece of foreign text: short, on one line. */
export function excerpt(text: string, maxCharacters = 60): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return JSON.stringify(line.length > maxCharacters ? `${line.slice(0, maxCharacters)}…` : line)
}
