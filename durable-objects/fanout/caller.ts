/** Who is behind a socket and how it wants its frames: read at the upgrade, carried in the socket's attachment. */
import * as v from 'valibot'
import { STREAM_SUBPROTOCOLS, SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON } from '#schemas/stream/protocol'
import { TIERS } from '#schemas/tiers'
import { CredentialSchema, type Credential } from '../account/revocation.ts'
import { ENCODINGS, type Encoding } from './outgoing.ts'

/** Set by the Worker after it has verified the token; never taken from a client. */
export const STREAM_CALLER_HEADERS = {
  subject: 'x-flipwire-subject',
  tier: 'x-flipwire-tier',
  expiresAtMs: 'x-flipwire-expires-at',
  credential: 'x-flipwire-credential',
} as const

const CallerSchema = v.object({
  subject: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  tier: v.picklist(TIERS),
  expiresAtMs: v.pipe(v.number(), v.integer()),
  /** What the caller came with; a guest's can not be revoked. */
  credential: v.optional(CredentialSchema),
})
export type Caller = v.InferOutput<typeof CallerSchema>

const DebtsSchema = v.object({
  /** By when the viewer must acknowledge; null when that need not be remembered. */
  ackByMs: v.nullable(v.number()),
  /** Channels of which it was promised frames that it did not get yet. */
  promised: v.array(v.string()),
  /** With `ackByMs`: not less than was sent and is not acknowledged. A version before did not say. */
  unacknowledged: v.optional(v.object({ frames: v.number(), bytes: v.number() })),
})
export type Debts = v.InferOutput<typeof DebtsSchema>
export const NO_DEBTS: Debts = { ackByMs: null, promised: [] }

/** Survives hibernation with the socket; the platform allows 16 KB, 64 channels take 2. */
const AttachmentSchema = v.object({
  ...CallerSchema.entries,
  encoding: v.picklist(ENCODINGS),
  connectedMs: v.number(),
  channels: v.array(v.string()),
  /** Messages but pings on a socket that takes none, so far. */
  strayMessages: v.number(),
  /** Of a viewer of `/ws/v1` that has any. */
  debts: v.optional(DebtsSchema),
  /** Of a listener: not less than it has not read, and when it last said what it had. */
  unreadBytes: v.optional(v.number()),
  heardMs: v.optional(v.number()),
})
export type Attachment = v.InferOutput<typeof AttachmentSchema>

/** Null on a socket whose attachment is not ours. */
export function attachmentOf(socket: { deserializeAttachment(): unknown }): Attachment | null {
  const parsed = v.safeParse(AttachmentSchema, socket.deserializeAttachment())
  return parsed.success ? parsed.output : null
}

export const V1_SUBPROTOCOLS: Readonly<Record<string, Encoding>> = {
  [STREAM_SUBPROTOCOLS.json]: 'json',
  [STREAM_SUBPROTOCOLS.binary]: 'binary',
}
export const COMPACT_SUBPROTOCOLS: Readonly<Record<string, Encoding>> = {
  [SUBPROTOCOL_JSON]: 'json',
  [SUBPROTOCOL_BINARY]: 'binary',
}
/** On sockets that speak nothing but text. */
export const TEXT_SUBPROTOCOLS: Readonly<Record<string, Encoding>> = { [STREAM_SUBPROTOCOLS.json]: 'json' }

export interface Negotiated {
  readonly encoding: Encoding
  /** To be echoed in the 101; null when the client offered none of ours. */
  readonly subprotocol: string | null
}

/** The first of the client's sub-protocols that we speak; JSON without one. */
export function negotiateEncoding(
  offered: string | null,
  spoken: Readonly<Record<string, Encoding>>,
): Negotiated {
  const names = (offered ?? '').split(',').map((name) => name.trim())
  const subprotocol = names.find((name) => Object.hasOwn(spoken, name)) ?? null
  return { encoding: (subprotocol === null ? undefined : spoken[subprotocol]) ?? 'json', subprotocol }
}

/** The caller the Worker vouches for, or null when the headers do not name one. */
export function readCaller(headers: Headers): Caller | null {
  const parsed = v.safeParse(CallerSchema, {
    subject: headers.get(STREAM_CALLER_HEADERS.subject),
    tier: headers.get(STREAM_CALLER_HEADERS.tier),
    expiresAtMs: Number(headers.get(STREAM_CALLER_HEADERS.expiresAtMs) ?? Number.NaN),
    credential: readCredential(headers.get(STREAM_CALLER_HEADERS.credential)),
  })
  return parsed.success ? parsed.output : null
}

/** A subject as it stands in a header, which holds ASCII only, and no longer than an object takes. */
export function headerSubject(subject: string): string {
  return encodeURI(subject.toWellFormed()).slice(0, 64)
}

/** Encoded, because a header holds ASCII only. */
export function writeCredential(credential: Credential): string {
  return encodeURIComponent(JSON.stringify(credential).toWellFormed())
}

/** Undefined without one; what is no credential makes the caller none either. */
function readCredential(header: string | null): unknown {
  if (header === null) return undefined
  try {
    return JSON.parse(decodeURIComponent(header))
  } catch {
    return null
  }
}
