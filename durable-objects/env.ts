import type { AccountObject } from './account/AccountObject.ts'
import type { LeaseObject } from './bridge/LeaseObject.ts'
import type { RelayObject } from './relay/RelayObject.ts'
import type { SymbolObject } from './symbol/SymbolObject.ts'
import type { WebhookObject } from './webhooks/WebhookObject.ts'

/** Bindings of the one Worker; see wrangler.toml. */
export interface Env {
  readonly SYMBOL: DurableObjectNamespace<SymbolObject>
  readonly RELAY: DurableObjectNamespace<RelayObject>
  readonly LEASE: DurableObjectNamespace<LeaseObject>
  readonly ACCOUNT: DurableObjectNamespace<AccountObject>
  /** itty-durable speaks fetch, not RPC; use it through `windows/windowsClient.ts`. */
  readonly WINDOWS: DurableObjectNamespace
  readonly WEBHOOKS: DurableObjectNamespace<WebhookObject>
  readonly DB: D1Database
  readonly SNAPSHOTS: R2Bucket
  readonly ASSETS: Fetcher
  readonly VERSION: string
  readonly GUEST_TIER: string
  readonly AUTH_PRIVATE_JWK: string
  /** `on`, also when absent: access tokens open sockets by their address; otherwise only tickets do. */
  readonly ACCESS_TOKEN_IN_QUERY?: string
  /** Further public keys of tokens, while the one that signs is being changed. */
  readonly AUTH_PUBLIC_JWKS?: string
  /** `{"keys":[…]}`: what `AUTH_PRIVATE_JWK` was before, to open webhook secrets that were sealed with it. */
  readonly AUTH_FORMER_PRIVATE_JWKS?: string
  readonly INGEST_PUBLIC_JWKS: string
  /** Signs an operator's requests. Without it, or when it is short, there are none. */
  readonly OPERATOR_SECRET?: string
  readonly UPSTASH_REDIS_REST_URL?: string
  readonly UPSTASH_REDIS_REST_TOKEN?: string
  /** Takes `{to, subject, text}` as JSON; without it letters are printed, on one's own machine only. */
  readonly MAIL_URL?: string
  readonly MAIL_TOKEN?: string
  /** An https page of the operator's own about tiers; without it the web compares them. */
  readonly UPGRADE_URL?: string
  /** Without it no usage is reported to anybody. */
  readonly STRIPE_SECRET_KEY?: string
  /** `1`: webhooks may go to http://127.0.0.1. Never in production. */
  readonly WEBHOOKS_TO_LOOPBACK?: string
  /** Comma-separated origins, besides our own, whose pages may open sockets. */
  readonly ALLOWED_ORIGINS?: string
}
