/**
 * Tiers as data: what each may read. One table serves the Worker (which refuses), the token command and the web
 * (which shows the upgrade card). The synthetic market is open to everyone, so that a newcomer sees the whole product.
 */
import type { FeedKind } from './feed.ts'

export const TIERS = ['free', 'pro', 'partner'] as const
export type Tier = (typeof TIERS)[number]

/** What a route gives, and the lowest tier that may have it. */
export const SCOPES = {
  symbols: 'free',
  levels: 'free',
  chain: 'free',
  snapshots: 'free',
  usage: 'free',
  /** A socket for channels, each of which is checked as `stream`. */
  socket: 'free',
  exposure: 'pro',
  volatility: 'pro',
  metrics: 'pro',
  stream: 'pro',
} as const satisfies Record<string, Tier>
export type Scope = keyof typeof SCOPES

export function mayRead(tier: Tier, scope: Scope, feed: FeedKind): boolean {
  return feed === 'synthetic' || TIERS.indexOf(tier) >= TIERS.indexOf(SCOPES[scope])
}
