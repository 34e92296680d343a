/** The immutable snapshot of a symbol in object storage: its frame, levels and expiries at one market time. */
import * as v from 'valibot'
import { GammaFrameSchema } from './frame/gamma.ts'
import { ExpiryExposureSchema, LevelsSchema } from './rest/models.ts'

export const SNAPSHOT_VERSION = 1
export const SNAPSHOT_KINDS = ['minute', 'close'] as const
export type SnapshotKind = (typeof SNAPSHOT_KINDS)[number]

export const SnapshotSchema = v.object({
  v: v.literal(SNAPSHOT_VERSION),
  type: v.literal('snapshot'),
  /** Market time to the second, `20261120T143000Z`; of a recording also the start of its state hash. */
  id: v.pipe(
    v.string(),
    v.regex(/^\d{8}T\d{6}Z(-[0-9a-f]{8})?$/, 'expected a UTC time like 20261120T143000Z'),
  ),
  frame: GammaFrameSchema,
  levels: LevelsSchema.entries.data,
  expiries: v.array(ExpiryExposureSchema),
})
export type Snapshot = v.InferOutput<typeof SnapshotSchema>
