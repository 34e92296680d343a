/**
 * Sends a symbol's viewers away before a planned restart, to come back after a while. Asked for at
 * `POST /v1/ingest/{symbol}/drain`, JSON, signed like a batch.
 */
import * as v from 'valibot'

export const MAX_DRAIN_REQUEST_BYTES = 1_024
/** Clients wait no longer than that. */
export const MAX_DRAIN_DELAY_MS = 60_000

export const DrainRequestSchema = v.object({
  /** Until viewers come back; each adds a random part of the spread that it was given. */
  delayMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(MAX_DRAIN_DELAY_MS)),
})
export type DrainRequest = v.InferOutput<typeof DrainRequestSchema>

export const DrainedSchema = v.object({
  ok: v.literal(true),
  /** Relays of the symbol; one may serve others as well, and all its viewers are told. */
  relays: v.number(),
  /** Relays that did not answer, whose viewers the restart will cut. */
  unreachable: v.number(),
  /** Who was told, and had not been by a request for another symbol just before. */
  viewers: v.number(),
})
export type Drained = v.InferOutput<typeof DrainedSchema>
