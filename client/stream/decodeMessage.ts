/** One socket message in either encoding to a validated frame. Damaged input is a result, never an exception. */
import * as v from 'valibot'
import { decodeGammaFrame } from '#schemas/frame/codec'
import { GammaFrameSchema, type GammaFrame } from '#schemas/frame/gamma'
import { PONG_TEXT } from '#schemas/stream/protocol'

export type DecodedMessage =
  | { readonly kind: 'frame'; readonly frame: GammaFrame }
  | { readonly kind: 'pong' }
  | { readonly kind: 'bad'; readonly reason: string }

export function decodeMessage(data: unknown): DecodedMessage {
  if (data === PONG_TEXT) return { kind: 'pong' }
  if (typeof data !== 'string' && !(data instanceof ArrayBuffer)) {
    return { kind: 'bad', reason: `expected text or bytes, was ${typeof data}` }
  }
  try {
    const frame: unknown =
      typeof data === 'string' ? JSON.parse(data) : decodeGammaFrame(new Uint8Array(data))
    const parsed = v.safeParse(GammaFrameSchema, frame, { abortEarly: true })
    if (parsed.success) return { kind: 'frame', frame: parsed.output }
    const [issue] = parsed.issues
    return { kind: 'bad', reason: `${v.getDotPath(issue) ?? 'frame'}: ${issue.message}` }
  } catch (cause) {
    return { kind: 'bad', reason: cause instanceof Error ? cause.message : String(cause) }
  }
}
