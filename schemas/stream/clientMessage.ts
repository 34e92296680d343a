/** What a client sent, read without trusting any of it. Never throws. */
import * as v from 'valibot'
import { ClientMessageSchema, type ClientMessage } from './messages.ts'
import { STREAM_LIMITS } from './protocol.ts'

export type ReadClientMessage =
  | { readonly kind: 'message'; readonly message: ClientMessage }
  /** To be counted, and answered with the error `bad_message`. */
  | { readonly kind: 'bad'; readonly detail: string }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'binary' }

export function readClientMessage(data: string | ArrayBuffer): ReadClientMessage {
  if (typeof data !== 'string') return { kind: 'binary' }
  if (utf8Bytes(data) > STREAM_LIMITS.messageBytes) return { kind: 'tooLarge' }
  // The runtime hands on text that is not UTF-8 with replacement characters; none of our messages needs one.
  if (data.includes('\uFFFD')) return { kind: 'bad', detail: 'expected valid UTF-8' }
  let json: unknown
  try {
    json = JSON.parse(data)
  } catch {
    return { kind: 'bad', detail: 'expected JSON' }
  }
  const parsed = v.safeParse(ClientMessageSchema, json, { abortEarly: true })
  if (parsed.success) return { kind: 'message', message: parsed.output }
  const [issue] = parsed.issues
  return { kind: 'bad', detail: `${v.getDotPath(issue) ?? 'message'}: ${issue.message}`.slice(0, 200) }
}

/** Counts only where the number of characters leaves it open. */
function utf8Bytes(text: string): number {
  const mayFit = text.length <= STREAM_LIMITS.messageBytes
  const mayExceed = text.length * 3 > STREAM_LIMITS.messageBytes
  return mayFit && mayExceed ? new TextEncoder().encode(text).length : text.length
}
