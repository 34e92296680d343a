/** What is said between a symbol's object, the hub of its channel, and the relays that serve it to viewers. */
import type { FeedKind } from '#schemas/feed'

/** A relay that does not renew its place within this is forgotten. */
export const LEASE_MS = 60_000
export const RENEW_MS = 30_000

/**
 * `held`: the relay has the frame. `wantsSnapshot`: the frame does not follow what it has. `left`: the relay
 * has let the channel go.
 */
export type PushAnswer = 'held' | 'wantsSnapshot' | 'left'

/** What a hub asks of a relay. */
export interface RelayApi {
  /** A binary snapshot or delta. Any may be repeated, and a newer one may take the place of several. */
  pushFrame(channel: string, bytes: Uint8Array): Promise<PushAnswer>
  /** Tells its viewers of `/ws/v1` to come back after `delayMs`, once however often it is asked; returns how many. */
  sendAway(delayMs: number): Promise<number>
}

export interface Joined {
  readonly feed: FeedKind
  /** Binary, of the newest frame. */
  readonly snapshot: Uint8Array
}

/** What a relay asks of a hub. */
export interface HubApi {
  /** Takes a place in the fan-out, for `LEASE_MS`; null while the symbol has no frame, and the first will be pushed. */
  joinStream(relay: string): Promise<Joined | null>
  /** Keeps the place. False when the symbol never had data. */
  renewStream(relay: string): Promise<boolean>
}
