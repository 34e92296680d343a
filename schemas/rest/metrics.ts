/**
 * Metrics by family, and what one of them rests on. A metric's `value` is a number, or for lists and matrices the shape that
 * its page under `docs/methods/` describes. A value that is null says why in `reason`.
 */
import * as v from 'valibot'
import { QUALITY_FLAGS } from '../feed.ts'
import { envelope } from './envelope.ts'

/** Families in the order they are shown; the first twelve are the live windows. */
export const METRIC_FAMILIES = [
  'gammatrix',
  'gammaPulse',
  'pinMap',
  'volCube',
  'skewSentinel',
  'thetaForge',
  'flipTrack',
  'flowRate',
  'eigenHedge',
  'volEntropy',
  'regimeShift',
  'ivSurface',
  'exposure',
  'signModel',
  'level',
  'volatility',
  'convention',
  'chain',
] as const
export type MetricFamily = (typeof METRIC_FAMILIES)[number]

const nullableNumber = v.nullable(v.number())

export const BandSchema = v.object({
  low: v.number(),
  high: v.number(),
  sources: v.array(
    v.object({
      source: v.picklist(['quotes', 'open_interest', 'sign_model']),
      low: v.number(),
      high: v.number(),
      method: v.string(),
      /** Whether the figure ceases to exist under some of the inputs. */
      vanishes: v.boolean(),
    }),
  ),
  /** Sources the band leaves out, and why. */
  missing: v.array(
    v.object({ source: v.picklist(['quotes', 'open_interest', 'sign_model']), reason: v.string() }),
  ),
})

export const MetricSchema = v.object({
  value: v.unknown(),
  unit: v.string(),
  method: v.string(),
  /** Dealer-sign model; null when the value does not depend on one. */
  model: v.nullable(v.string()),
  /** 0 to 100. */
  quality: v.number(),
  flags: v.array(v.picklist(QUALITY_FLAGS)),
  /** Null when not asked for, or when the value is not a number. */
  band: v.nullable(BandSchema),
  /** Market time of what it was computed from. */
  asOf: v.string(),
  reason: v.nullable(v.string()),
})
export type MetricReading = v.InferOutput<typeof MetricSchema>

/** By family, then by the metric's name: `gammaPulse.netGex` is `data.gammaPulse.netGex`. */
export const MetricsSchema = envelope(
  v.record(v.picklist(METRIC_FAMILIES), v.record(v.string(), MetricSchema)),
)
export type Metrics = v.InferOutput<typeof MetricsSchema>

const MetricTextSchema = v.object({
  meaning: v.string(),
  formula: v.string(),
  source: v.string(),
})

export const ExplanationSchema = envelope(
  v.object({
    id: v.string(),
    title: v.string(),
    ...MetricTextSchema.entries,
    ...MetricSchema.entries,
    inputs: v.array(
      v.object({
        name: v.string(),
        value: v.nullable(v.union([v.number(), v.string()])),
        unit: v.string(),
        asOf: v.nullable(v.string()),
      }),
    ),
    contributions: v.nullable(
      v.object({
        /** `sum`: items and rest add up to `total` bit for bit. `ranking`: candidates, best first. `terms`: not a sum. */
        kind: v.picklist(['sum', 'ranking', 'terms']),
        unit: v.string(),
        total: nullableNumber,
        items: v.array(
          v.object({
            name: v.string(),
            amount: v.number(),
            inputs: v.record(v.string(), v.nullable(v.union([v.number(), v.string()]))),
          }),
        ),
        rest: v.nullable(v.object({ count: v.number(), amount: v.number() })),
      }),
    ),
    rejected: v.array(v.object({ reason: v.string(), count: v.number() })),
    notes: v.array(v.string()),
  }),
)
export type Explanation = v.InferOutput<typeof ExplanationSchema>

/** `GET /v1/methods`: what every metric means. */
export const MethodsSchema = v.object({
  data: v.array(
    v.object({
      id: v.string(),
      family: v.picklist(METRIC_FAMILIES),
      title: v.string(),
      unit: v.string(),
      method: v.string(),
      usesSignModel: v.boolean(),
      ...MetricTextSchema.entries,
    }),
  ),
})
export type Methods = v.InferOutput<typeof MethodsSchema>
