import { encodeGammaFrame } from '#schemas/frame/codec'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { FrameWindows } from '#schemas/frame/windows'
import type { Encoded } from './ListenerSockets.ts'

/** A whole frame as `/ws/gamma-compact` sends it, encoded at most once per encoding. */
export function compactFrame(frame: GammaFrame): Encoded {
  let json: string | null = null
  let binary: Uint8Array | null = null
  return (encoding) =>
    encoding === 'json' ? (json ??= JSON.stringify(flat(frame))) : (binary ??= encodeGammaFrame(frame))
}

/** As JSON the windows' fields stand beside the others, where clients of the path look for them; before the first they are null. */
function flat({ windows, ...frame }: GammaFrame): Omit<GammaFrame, 'windows'> & Omit<FrameWindows, 'asOfMs'> {
  const { asOfMs: windowsAsOfMs, ...fields } = windows ?? NO_WINDOWS
  return { ...frame, ...fields, ...(windows === null ? {} : { windowsAsOfMs }) }
}

const NO_WINDOWS: FrameWindows = {
  asOfMs: 0,
  thetaPerDay: null,
  avgIvSkew: null,
  direction: null,
  magnitude: null,
  flowType: null,
  pc1Level: null,
  pc2Slope: null,
  pc3Curvature: null,
  entropy: null,
  regime: null,
  confidence: null,
  topStrikes: [],
}
