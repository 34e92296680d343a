/**
 * The lease of a symbol: which bridge may dial the vendor, and the epoch it posts under. Asked for at
 * `POST /v1/ingest/{symbol}/lease`, JSON, signed like a batch.
 */
import * as v from 'valibot'

/** A lease ends this long after the newest renewal. */
export const LEASE_TTL_MS = 10_000
export const LEASE_RENEW_EVERY_MS = 3_000
/**
 * A grant ends this long after it was asked for unless it is renewed: whoever asked may have died since, and its request may
 * have been on its way for long. Nobody dials before the first renewal is answered.
 */
export const LEASE_CONFIRM_WITHIN_MS = 3_000
/** For bridges that do not confirm, but renew as often as they are told. */
export const LEASE_CONFIRM_EVERY_MS = 1_000
export const MAX_LEASE_REQUEST_BYTES = 1_024

const EpochSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(2 ** 52))
/** What an asker may claim to know of leaves room for as many grants again: one above the largest epoch could not be renewed. */
const KnownEpochSchema = v.pipe(EpochSchema, v.maxValue(2 ** 51))
/** Names one journal of one bridge; drawn at random, kept with the journal. */
const HolderSchema = v.pipe(v.string(), v.regex(/^[\w-]{8,64}$/))

export const LeaseRequestSchema = v.variant('op', [
  v.object({
    op: v.literal('acquire'),
    holder: HolderSchema,
    source: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,32}$/)),
    /** The largest epoch the asker knows of; what is granted is larger. */
    lastEpoch: KnownEpochSchema,
  }),
  v.object({ op: v.literal('renew'), holder: HolderSchema, epoch: EpochSchema }),
  v.object({ op: v.literal('release'), holder: HolderSchema, epoch: EpochSchema }),
])
export type LeaseRequest = v.InferOutput<typeof LeaseRequestSchema>

export const LeaseGrantedSchema = v.object({
  ok: v.literal(true),
  epoch: EpochSchema,
  /** Good for this long from when it was asked for; 0 once released. */
  ttlMs: v.pipe(v.number(), v.minValue(0)),
  renewEveryMs: v.pipe(v.number(), v.minValue(1)),
})
export type LeaseGranted = v.InferOutput<typeof LeaseGrantedSchema>

export interface LeaseRefused {
  readonly ok: false
  readonly code: 'lease_held' | 'replayed_request'
  readonly detail: string
  /** When the lease is free unless its holder renews it; 0: ask at once. */
  readonly retryAfterMs: number
}

export type LeaseAnswer = LeaseGranted | LeaseRefused
