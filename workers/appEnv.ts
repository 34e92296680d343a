/** What every handler can rely on: bindings, and what the middleware before it has established. */
import type { Env } from '#durable-objects/env'
import type { Credential } from '#durable-objects/account/revocation'
import type { FeedKind } from '#schemas/feed'
import type { Tier } from '#schemas/tiers'

/** Who a verified token speaks for. */
export interface Caller {
  readonly subject: string
  readonly tier: Tier
  readonly expiresAtMs: number
  /** What can be revoked; a guest's token can not. */
  readonly credential?: Credential
  /** Set for one who came with an API key. */
  readonly key?: CallerKey
}

export interface CallerKey {
  readonly id: string
  readonly scopes: readonly string[]
  /** Of its own, beside the account's. */
  readonly unitsPerDay: number | null
  /** Sees the synthetic market only, and is never billed. */
  readonly isSandbox: boolean
}

export interface AppEnv {
  Bindings: Env
  Variables: {
    requestId: string
    caller: Caller
    /** Set by `requireScope` on routes with `:symbol`: checked, known, and readable for the caller. */
    symbol: string
    feed: FeedKind
  }
}
