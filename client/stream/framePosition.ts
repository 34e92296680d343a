/** Where a frame stands in its stream. */
export interface FramePosition {
  readonly epoch: number
  readonly sequence: number
}

/** A later epoch wins whatever its sequence: the object restarted its stream. */
export function isNewer(candidate: FramePosition, held: FramePosition | null): boolean {
  if (held === null) return true
  if (candidate.epoch !== held.epoch) return candidate.epoch > held.epoch
  return candidate.sequence > held.sequence
}
