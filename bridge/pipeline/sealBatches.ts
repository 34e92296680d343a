import { buildBatch } from '#schemas/ingest/build'
import { encodeBatch, MAX_BATCH_BYTES } from '#schemas/ingest/codec'
import type { BatchHeader } from '#schemas/ingest/batch'
import type { Tick } from '#schemas/tick'
import { splitIntoBatches } from '../conflate/splitIntoBatches.ts'

/** About 150 KB encoded: large enough to amortise a request, far below the receiver's 1 MiB. */
export const MAX_BATCH_TICKS = 4_000

/** Encodes ticks as consecutive batches, the first at the header's sequence. */
export function sealBatches(
  header: BatchHeader,
  ticks: readonly Tick[],
  maxTicks = MAX_BATCH_TICKS,
): Uint8Array[] {
  return splitIntoBatches(ticks, maxTicks).map((batch, i) => {
    const bytes = encodeBatch(buildBatch({ ...header, sequence: header.sequence + i }, batch))
    if (bytes.length > MAX_BATCH_BYTES)
      throw new Error(`a batch of ${batch.length} ticks takes ${bytes.length} bytes`)
    return bytes
  })
}
