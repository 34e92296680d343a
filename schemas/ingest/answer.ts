/** What an ingest post is answered with. The bridge keeps a batch in its journal until the answer is ok. */
import type { ProblemCode } from '../problem.ts'
import type { BatchPosition } from './batch.ts'

export interface IngestAccepted {
  readonly ok: true
  /** `duplicate`: this position was applied before; nothing changed. Both mean "durable, forget it". */
  readonly status: 'applied' | 'duplicate'
  /** The newest position the object holds durably for this source. */
  readonly position: BatchPosition
  /** Ticks whose values were refused one by one (not finite, negative, crossed …) and why. */
  readonly flagged: number
}

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
