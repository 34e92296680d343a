/**
 * Where numbers come from and how fresh they are. Every frame and REST answer carries both, so that nothing
 * delayed, recorded or synthetic can be taken for live.
 */

/** The kind of feed behind a symbol. The order is the wire code; append only. */
export const FEED_KINDS = ['synthetic', 'live', 'delayed', 'recorded'] as const
export type FeedKind = (typeof FEED_KINDS)[number]

/** Whether the newest data is moving. `stale`: the session is open but the feed has gone quiet. */
export const FRESHNESS_STATES = ['fresh', 'stale', 'closed'] as const
export type Freshness = (typeof FRESHNESS_STATES)[number]

/**
 * Data-quality flags, from the metric envelope of the methodology. A flag never travels without meaning
 * something for the numbers beside it.
 */
export const QUALITY_FLAGS = [
  'SYNTHETIC',
  'DELAYED',
  'RECORDED',
  'STALE_SPOT',
  'STALE_QUOTE',
  'NO_SPOT',
  'NO_CONTRACTS',
  'LOW_COV',
  'CROSSED',
  'WIDE',
  'FORWARD_FALLBACK',
  'OI_MISSING',
  'OI_MIXED',
  'OI_PRIOR_DAY',
  'NEAR_EXPIRY',
  'HALF_DAY',
  'AM_SETTLED',
  'AVG_SETTLE',
  'ADJ_CONTRACT',
  'ARB_BUTTERFLY',
  'ARB_CALENDAR',
  'POOR_FIT',
  'MODEL_DISAGREE',
  'INSUFFICIENT_HISTORY',
  'PREDICTED',
  'UNCALIBRATED',
  'GIVEN_VOLS',
] as const
export type QualityFlag = (typeof QUALITY_FLAGS)[number]
