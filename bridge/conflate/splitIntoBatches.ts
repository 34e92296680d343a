import type { Tick } from '#schemas/tick'

/**
 * Cuts ticks into batches of at most `maxTicks`, keeping their order.
 *
 * Inside a batch the receiver sees each kind by itself, so the order between a cumulative volume (which sets) and a
 * print of the same session (which adds) would be lost: the two never share a batch.
 */
export function splitIntoBatches(ticks: readonly Tick[], maxTicks: number): Tick[][] {
  const batches: Tick[][] = []
  let current: Tick[] = []
  let volumeKind: 'trade' | 'sessionVolume' | null = null
  for (const tick of ticks) {
    const changesVolume = tick.kind === 'trade' || tick.kind === 'sessionVolume' ? tick.kind : null
    const clashes = changesVolume !== null && volumeKind !== null && changesVolume !== volumeKind
    if (current.length >= maxTicks || clashes) {
      batches.push(current)
      current = []
      volumeKind = null
    }
    current.push(tick)
    volumeKind = changesVolume ?? volumeKind
  }
  if (current.length > 0) batches.push(current)
  return batches
}
