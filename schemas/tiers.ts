/**
 * Tiers as data: what each may read, how much of it, and what a call costs. One table serves the Worker (which
 * refuses), the token command and the web (which shows the upgrade card). A limit stands here once something enforces
 * it. The synthetic market is open to everyone, so that a newcomer sees the whole product.
 */
import type { FeedKind } from './feed.ts'

/** Ascending: each may read what the ones before it may. */
export const TIERS = ['guest', 'free', 'pro', 'partner'] as const
export type Tier = (typeof TIERS)[number]

export interface TierLimits {
  /** Live windows open at once, over all tabs and devices of an account. */
  readonly windows: number
  /** Sockets open at once at one relay or one symbol; a caller always comes to the same ones. */
  readonly sockets: number
  /** A stream sends one frame in so long: the newest. */
  readonly frameEveryMs: number
  readonly unitsPerMinute: number
  readonly unitsPerDay: number
  /** Raw data of a live market are shown once they are this old. */
  readonly rawDelayMs: number
  /** How much of an option chain is shown; null: all of it. */
  readonly depth: ChainDepth | null
}

export interface ChainDepth {
  /** Settlement dates, the nearest. */
  readonly expiries: number
  /** Of each date, on either side of spot. */
  readonly strikesEachSide: number
}

const QUARTER_HOUR_MS = 15 * 60_000
const NEAREST: ChainDepth = { expiries: 8, strikesEachSide: 50 }

/** As `frameEveryMs`. */
export const EVERY_FRAME = 0

export const TIER_LIMITS: Readonly<Record<Tier, TierLimits>> = {
  guest: {
    windows: 5,
    sockets: 10,
    frameEveryMs: 1_000,
    unitsPerMinute: 300,
    unitsPerDay: 20_000,
    rawDelayMs: QUARTER_HOUR_MS,
    depth: NEAREST,
  },
  free: {
    windows: 5,
    sockets: 10,
    frameEveryMs: 1_000,
    unitsPerMinute: 300,
    unitsPerDay: 50_000,
    rawDelayMs: QUARTER_HOUR_MS,
    depth: NEAREST,
  },
  pro: {
    windows: 25,
    sockets: 50,
    frameEveryMs: EVERY_FRAME,
    unitsPerMinute: 1_200,
    unitsPerDay: 500_000,
    rawDelayMs: 0,
    depth: null,
  },
  partner: {
    windows: 25,
    sockets: Infinity,
    frameEveryMs: EVERY_FRAME,
    unitsPerMinute: 6_000,
    unitsPerDay: 5_000_000,
    rawDelayMs: 0,
    depth: null,
  },
}

export interface ScopeTerms {
  /** The lowest tier that may have it of a market that is not synthetic. */
  readonly tier: Tier
  /** `raw`: quotes as they came from the vendor, who may restrict their display; `derived`: computed by us. */
  readonly data: 'none' | 'raw' | 'derived'
  /** Price of one call that is answered. */
  readonly units: number
}

/** What a route gives. */
export const SCOPES = {
  symbols: { tier: 'guest', data: 'none', units: 1 },
  usage: { tier: 'guest', data: 'none', units: 0 },
  /** Leases of open windows. */
  windows: { tier: 'guest', data: 'none', units: 0 },
  /** API keys: making, rotating and revoking them. */
  keys: { tier: 'partner', data: 'none', units: 0 },
  /** The account itself: sessions, passkeys, export, erasure. */
  account: { tier: 'free', data: 'none', units: 0 },
  /** Webhook endpoints: reading them and what they were sent; and, never with a key, changing them. */
  webhooks: { tier: 'partner', data: 'none', units: 0 },
  endpoints: { tier: 'partner', data: 'none', units: 0 },
  /** A ticket for a socket. */
  ticket: { tier: 'guest', data: 'none', units: 0 },
  /** A socket for channels, each of which is checked as `stream`. */
  socket: { tier: 'guest', data: 'none', units: 1 },
  levels: { tier: 'guest', data: 'derived', units: 1 },
  chain: { tier: 'free', data: 'raw', units: 1 },
  snapshots: { tier: 'free', data: 'raw', units: 1 },
  exposure: { tier: 'pro', data: 'derived', units: 1 },
  volatility: { tier: 'pro', data: 'derived', units: 10 },
  metrics: { tier: 'pro', data: 'derived', units: 1 },
  stream: { tier: 'pro', data: 'derived', units: 1 },
} as const satisfies Record<string, ScopeTerms>
export type Scope = keyof typeof SCOPES

export function mayRead(tier: Tier, scope: Scope, feed: FeedKind): boolean {
  return feed === 'synthetic' || TIERS.indexOf(tier) >= TIERS.indexOf(SCOPES[scope].tier)
}

/** How old raw data have to be for this tier. Other feeds are late, old or invented already. */
export function rawDelayMs(tier: Tier, feed: FeedKind): number {
  return feed === 'live' ? TIER_LIMITS[tier].rawDelayMs : 0
}

export function depthOf(tier: Tier, feed: FeedKind): ChainDepth | null {
  return feed === 'synthetic' ? null : TIER_LIMITS[tier].depth
}

/** The lowest tier of which `holds`. */
export function lowestTier(holds: (limits: TierLimits) => boolean): Tier {
  return TIERS.find((tier) => holds(TIER_LIMITS[tier])) ?? 'partner'
}
