import { encodeGammaFrame } from '#schemas/frame/codec'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Encoded } from './ListenerSockets.ts'

/** A whole frame as `/ws/gamma-compact` sends it, encoded at most once per encoding. */
export function compactFrame(frame: GammaFrame): Encoded {
  let json: string | null = null
  let binary: Uint8Array | null = null
  return (encoding) =>
    encoding === 'json' ? (json ??= JSON.stringify(frame)) : (binary ??= encodeGammaFrame(frame))
}
