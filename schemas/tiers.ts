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
  readonly unitsPerMinute: number
  readonly unitsPerDay: number
}

export const TIER_LIMITS: Readonly<Record<Tier, TierLimits>> = {
  guest: { windows: 5, sockets: 10, unitsPerMinute: 300, unitsPerDay: 20_000 },
  free: { windows: 5, sockets: 10, unitsPerMinute: 300, unitsPerDay: 50_000 },
  pro: { windows: 25, sockets: 50, unitsPerMinute: 1_200, unitsPerDay: 500_000 },
  partner: { windows: 25, sockets: Infinity, unitsPerMinute: 6_000, unitsPerDay: 5_000_000 },
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
