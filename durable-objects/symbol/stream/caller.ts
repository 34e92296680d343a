/** Who is behind a socket and how it wants its frames: read at the upgrade, carried in the socket's attachment. */
import * as v from 'valibot'
import { SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON } from '#schemas/stream/protocol'
import { TIERS } from '#schemas/tiers'
import { STREAM_CALLER_HEADERS } from '../contract.ts'

export const ENCODINGS = ['json', 'binary'] as const
export type Encoding = (typeof ENCODINGS)[number]

export const CallerSchema = v.object({
  subject: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  tier: v.picklist(TIERS),
  expiresAtMs: v.pipe(v.number(), v.integer()),
})

/** Survives hibernation with the socket; the platform allows 16 KB. */
export const AttachmentSchema = v.object({
  ...CallerSchema.entries,
  encoding: v.picklist(ENCODINGS),
  /** Messages that are not pings, so far. */
  strayMessages: v.number(),
})
export type Attachment = v.InferOutput<typeof AttachmentSchema>

const SUBPROTOCOLS: Readonly<Record<string, Encoding>> = {
  [SUBPROTOCOL_JSON]: 'json',
  [SUBPROTOCOL_BINARY]: 'binary',
}

export interface Negotiated {
  readonly encoding: Encoding
  /** To be echoed in the 101; null when the client offered none of ours. */
  readonly subprotocol: string | null
}

/** The first of the client's sub-protocols that we speak; JSON without one. */
export function negotiateEncoding(offered: string | null): Negotiated {
  const names = (offered ?? '').split(',').map((name) => name.trim())
  const subprotocol = names.find((name) => Object.hasOwn(SUBPROTOCOLS, name)) ?? null
  return { encoding: (subprotocol === null ? undefined : SUBPROTOCOLS[subprotocol]) ?? 'json', subprotocol }
}

/** The caller the Worker vouches for, or null when the headers do not name one. */
export function readCaller(headers: Headers): v.InferOutput<typeof CallerSchema> | null {
  const parsed = v.safeParse(CallerSchema, {
    subject: headers.get(STREAM_CALLER_HEADERS.subject),
    tier: headers.get(STREAM_CALLER_HEADERS.tier),
    expiresAtMs: Number(headers.get(STREAM_CALLER_HEADERS.expiresAtMs) ?? Number.NaN),
  })
  return parsed.success ? parsed.output : null
}
