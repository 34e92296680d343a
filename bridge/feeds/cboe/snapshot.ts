/**
 * What a Cboe delayed-quotes file says, in our terms: one underlying, one instant, every listed contract.
 * A figure the vendor did not give, or gave as a sentinel, is null beside its reason; it is never 0.
 */
import type { MissingReason, Right } from '#schemas/tick'

export interface CboeRow {
  /** OCC symbol without padding, e.g. `SPXW250904C06485000`. */
  readonly occSymbol: string
  readonly root: string
  /** Listed expiry, `YYYY-MM-DD`. */
  readonly expiryDate: string
  readonly strike: number
  readonly right: Right
  /** Prices per unit of underlying, in its currency. */
  readonly bid: number | null
  readonly ask: number | null
  readonly quoteMissing: MissingReason
  /** Last print of any day; null when the contract never traded. */
  readonly last: number | null
  /** Contracts traded this session. */
  readonly volume: number | null
  /** Contracts open after the previous session. */
  readonly openInterest: number | null
  /** The vendor's implied volatility as a fraction (0.2 = 20 %). */
  readonly vendorIv: number | null
  readonly vendorIvMissing: MissingReason
  readonly vendorDelta: number | null
  /** Per 1.00 of underlying; rounded to four decimals by the vendor. */
  readonly vendorGamma: number | null
}

/** A record that is not a contract we can use. `line` is 1-based in a CSV, the option's position in a JSON body. */
export interface RejectedRow {
  readonly line: number
  readonly found: string
  readonly reason: string
}

export interface CboeSnapshot {
  /** `SPX`, `RUT`, `SPY`: no caret, no underscore. */
  readonly underlying: string
  readonly spot: number
  readonly bid: number | null
  readonly ask: number | null
  /** When the file was asked for, UTC ms. */
  readonly pulledAtMs: number
  /** The instant to measure time to expiry from, UTC ms: the last moment the quotes can have been made. */
  readonly asOfMs: number
  readonly rows: readonly CboeRow[]
  readonly rejected: readonly RejectedRow[]
}

/** One line for a person: what was expected, what was found, and where in the text. */
export interface CboeProblem {
  readonly expected: string
  readonly found: string
  /** `line 4`, `offset 1207`, `data.options`; empty when it is the file as a whole. */
  readonly where: string
}

export type CboeResult =
  | { readonly ok: true; readonly snapshot: CboeSnapshot }
  | { readonly ok: false; readonly problem: CboeProblem }

export function problem(expected: string, found: string, where: string): CboeResult {
  return { ok: false, problem: { expected, found, where } }
}

export function describeProblem({ expected, found, where }: CboeProblem): string {
  const line = `expected ${expected}, found ${found}${where === '' ? '' : ` at ${where}`}`
  return line.replace(/\s+/g, ' ')
}

/** A quotable piece of foreign text: short, on one line. */
export function excerpt(text: string, maxCharacters = 60): string {
  const line = text.trim().replace(/\s+/g, ' ')
  return JSON.stringify(line.length > maxCharacters ? `${line.slice(0, maxCharacters)}…` : line)
}
