/** What an ingest post is answered with. The bridge keeps a batch in its journal until the answer is ok. */
import * as v from 'valibot'
import type { ProblemCode } from '../problem.ts'
import type { BatchPosition } from './batch.ts'

export const IngestAcceptedSchema = v.object({
  ok: v.literal(true),
  /** `duplicate`: this position was applied before; nothing changed. Both mean "durable, forget it". */
  status: v.picklist(['applied', 'duplicate']),
  /** The newest position the object holds durably for this source. */
  position: v.object({ epoch: v.number(), sequence: v.number() }),
  /** Ticks whose values were refused one by one (not finite, negative, crossed …) and why. */
  flagged: v.number(),
})
export type IngestAccepted = v.InferOutput<typeof IngestAcceptedSchema>

export interface IngestRefused {
  readonly ok: false
  readonly code: ProblemCode
  readonly detail: string
  /** The batch or header field at fault. */
  readonly field: string
  /** The position the object expects next, when position was the problem. */
  readonly expected?: BatchPosition
}

export type IngestAnswer = IngestAccepted | IngestRefused
