/** What a server sent on `/ws/v1`, in either encoding, validated. Never throws. */
import * as v from 'valibot'
import { decodeStreamFrame } from './decodeBinary.ts'
import { GammaDeltaSchema } from './delta.ts'
import { ControlMessageSchema } from './messages.ts'
import { PONG_TEXT } from './protocol.ts'
import { GammaSnapshotSchema } from './snapshot.ts'
import { StreamDecodeError } from './varint.ts'

export const ServerMessageSchema = v.variant('type', [
  ControlMessageSchema,
  GammaSnapshotSchema,
  GammaDeltaSchema,
])
export type ServerMessage = v.InferOutput<typeof ServerMessageSchema>

export type ReadServerMessage =
  | { readonly kind: 'message'; readonly message: ServerMessage }
  | { readonly kind: 'pong' }
  | { readonly kind: 'bad'; readonly detail: string }

export function readServerMessage(data: unknown): ReadServerMessage {
  if (data === PONG_TEXT) return { kind: 'pong' }
  try {
    if (data instanceof ArrayBuffer) {
      return { kind: 'message', message: decodeStreamFrame(new Uint8Array(data)) }
    }
    if (typeof data !== 'string') return { kind: 'bad', detail: `expected text or bytes, was ${typeof data}` }
    const parsed = v.safeParse(ServerMessageSchema, JSON.parse(data), { abortEarly: true })
    if (parsed.success) return { kind: 'message', message: parsed.output }
    const [issue] = parsed.issues
    return { kind: 'bad', detail: `${v.getDotPath(issue) ?? 'message'}: ${issue.message}` }
  } catch (error) {
    if (error instanceof StreamDecodeError || error instanceof SyntaxError) {
      return { kind: 'bad', detail: error.message }
    }
    throw error
  }
}
