/**
 * The vendor-neutral tick: what every feed adapter emits and everything downstream understands.
 *
 * Contracts are defined once per bridge epoch and then named by a small `contractId`, because a 21-character
 * OSI symbol on every quote would be most of the bytes. A value a vendor did not give (or gave as a sentinel
 * such as iv 0 or bid 0) is null here with its reason, never zero.
 */

export type Right = 'call' | 'put'

/** Defines `contractId` for the rest of the bridge epoch. */
export interface ContractTick {
  readonly kind: 'contract'
  readonly contractId: number
  /** OSI root, e.g. `SPXW`; settlement time and style follow from it. */
  readonly root: string
  /** Listed expiry, `YYYY-MM-DD`. */
  readonly expiryDate: string
  readonly strike: number
  readonly right: Right
  /** Units of underlying per contract. */
  readonly multiplier: number
}

/** Why one side of a quote is missing. The order is the wire code; append only. */
export const MISSING_REASONS = ['none', 'no_bid', 'no_ask', 'no_quote', 'invalid', 'vendor_sentinel'] as const
export type MissingReason = (typeof MISSING_REASONS)[number]

/** Best bid and offer. Prices per unit of underlying in the quote currency, sizes in contracts. */
export interface QuoteTick {
  readonly kind: 'quote'
  readonly contractId: number
  readonly bid: number | null
  readonly ask: number | null
  readonly bidSize: number
  readonly askSize: number
  readonly eventMs: number
  readonly missing: MissingReason
}

/** One print. Never conflated, never dropped. */
export interface TradeTick {
  readonly kind: 'trade'
  readonly contractId: number
  readonly price: number
  /** Contracts. */
  readonly size: number
  readonly eventMs: number
  /** OPRA-style sale condition id, kept raw (e.g. 219 ISO sweep, 232 multi-leg); 0 when the vendor gives none. */
  readonly conditionCode: number
  /** Venue id, kept raw; 0 when unknown. */
  readonly exchangeCode: number
  /** Vendor sequence number; 0 when the vendor gives none. */
  readonly vendorSequence: number
}

/** Open interest as published for one trade date (it moves once a day). */
export interface OpenInterestTick {
  readonly kind: 'openInterest'
  readonly contractId: number
  readonly openInterest: number
  /** Trade date the figure is for, `YYYY-MM-DD`. */
  readonly tradeDate: string
}

/** Cumulative contracts traded this session, for vendors that give a total instead of prints. */
export interface SessionVolumeTick {
  readonly kind: 'sessionVolume'
  readonly contractId: number
  readonly volume: number
  readonly eventMs: number
}

/** Price of the underlying. `bid` and `ask` are null for a computed index. */
export interface UnderlyingTick {
  readonly kind: 'underlying'
  readonly price: number
  readonly bid: number | null
  readonly ask: number | null
  readonly eventMs: number
}

export type Tick =
  ContractTick | QuoteTick | TradeTick | OpenInterestTick | SessionVolumeTick | UnderlyingTick
