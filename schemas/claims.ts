/**
 * The tokens we sign, EdDSA, with the published keys. Each kind has a type and an audience of its own, so that none
 * passes where another is expected.
 */
import * as v from 'valibot'
import { SANDBOX_PREFIX } from './subject.ts'
import { TIERS, type Scope } from './tiers.ts'

export const TOKEN_ISSUER = 'flipwire'
export const TOKEN_ALGORITHM = 'EdDSA'

/** `maxSeconds`: the longest life the Worker accepts. */
export const TOKEN_KINDS = {
  /** For requests, and for sockets of clients that do not ask for tickets. */
  access: { typ: 'at+jwt', audience: 'flipwire-api', maxSeconds: 15 * 60 },
  /** Opens one socket. It stands in an address, which gets logged and shared. */
  ticket: { typ: 'ws+jwt', audience: 'flipwire-ws', maxSeconds: 60 },
} as const satisfies Record<string, { typ: string; audience: string; maxSeconds: number }>
export type TokenKind = keyof typeof TOKEN_KINDS

const MAX_SUBJECT = 64

/** What opens a socket of any kind. */
export const SOCKET_SCOPES = ['socket', 'stream', 'symbols'] as const satisfies readonly Scope[]

const common = {
  iss: v.literal(TOKEN_ISSUER),
  sub: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_SUBJECT)),
  /** Unknown tiers count as the lowest. */
  tier: v.fallback(v.picklist(TIERS), 'guest'),
  iat: v.number(),
  exp: v.number(),
  jti: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  /** The session it was issued in, with which it ends. Of an account that signed in, and only there. */
  sid: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
}

export const AccessClaimsSchema = v.object({
  ...common,
  aud: v.literal(TOKEN_KINDS.access.audience),
  /** Of a guest: when its first token was issued, as `iat`. */
  born: v.optional(v.number()),
})
export type AccessClaims = v.InferOutput<typeof AccessClaimsSchema>

export const TicketClaimsSchema = v.object({
  ...common,
  /** Also a sandbox, whose owner has as long a name as anybody. */
  sub: v.pipe(v.string(), v.minLength(1), v.maxLength(SANDBOX_PREFIX.length + MAX_SUBJECT)),
  aud: v.literal(TOKEN_KINDS.ticket.audience),
  /** When the access token or API key ends that asked for the ticket, and with it the socket. Seconds, as `exp`. */
  until: v.number(),
  /** That access token's `jti` and `iat`, or the id of the API key: with it the ticket is revoked. */
  by: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
  since: v.optional(v.number()),
  /** Set when an API key asked for it: the socket is opened as by the key, and booked to it. */
  key: v.optional(
    v.strictObject({
      id: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
      scopes: v.array(v.picklist(SOCKET_SCOPES)),
      unitsPerDay: v.nullable(v.number()),
      isSandbox: v.boolean(),
    }),
  ),
})
export type TicketClaims = v.InferOutput<typeof TicketClaimsSchema>

export const GuestTokenSchema = v.object({
  token: v.string(),
  tier: v.picklist(TIERS),
  /** ISO 8601 UTC. */
  expiresAt: v.string(),
})
export type GuestToken = v.InferOutput<typeof GuestTokenSchema>

export const SocketTicketSchema = v.object({
  /** Good for one socket, as `?token=` or the sub-protocol `bearer.<ticket>`. */
  ticket: v.string(),
  /** ISO 8601 UTC. */
  expiresAt: v.string(),
})
export type SocketTicket = v.InferOutput<typeof SocketTicketSchema>
