/** What is sent to webhook endpoints: Standard Webhooks' `{type, timestamp, data}`, one shape of `data` per type. */
import * as v from 'valibot'
import { MetaSchema } from './rest/envelope.ts'

const nullableNumber = v.nullable(v.number())

export const WATCHED_LEVELS = ['zeroGamma', 'callWall', 'putWall'] as const

/** All of them as they stand now. */
const LevelsNowSchema = v.object({
  zeroGamma: nullableNumber,
  callWall: nullableNumber,
  putWall: nullableNumber,
})

export const LevelCrossedSchema = v.object({
  type: v.literal('level.crossed'),
  /** When we saw it, ISO 8601 UTC; the market's time is `meta.asOf`. */
  timestamp: v.string(),
  data: v.object({
    symbol: v.string(),
    level: v.picklist(WATCHED_LEVELS),
    /** Where spot is now, seen from the level: above a call wall that it broke, below a put wall. */
    side: v.picklist(['above', 'below']),
    /** What crossed what: the level may have jumped over a spot that stood still. */
    movedBy: v.picklist(['spot', 'level']),
    /** Of the level that was crossed; of a wall, the one that stood. */
    price: v.number(),
    spotPrice: v.number(),
    levels: LevelsNowSchema,
    /** The last good instant on the other side; minutes or a night earlier if nothing good came in between. */
    previous: v.object({ asOf: v.string(), price: v.number(), spotPrice: v.number() }),
    meta: MetaSchema,
  }),
})

export const RegimeChangedSchema = v.object({
  type: v.literal('regime.changed'),
  timestamp: v.string(),
  data: v.object({
    symbol: v.string(),
    /** Sign of the net gamma exposure at spot. */
    regime: v.picklist(['positive', 'negative']),
    netGex: v.number(),
    spotPrice: v.number(),
    levels: LevelsNowSchema,
    previous: v.object({ asOf: v.string(), netGex: v.number(), spotPrice: v.number() }),
    meta: MetaSchema,
  }),
})

/** Shares of the day's quota, per cent. */
export const USAGE_THRESHOLDS = [80, 100] as const
export const UsageThresholdSchema = v.object({
  type: v.literal('usage.threshold'),
  timestamp: v.string(),
  data: v.object({
    /** UTC. */
    day: v.string(),
    percent: v.picklist(USAGE_THRESHOLDS),
    units: v.number(),
    unitsPerDay: v.number(),
  }),
})

export const KeyRotatedSchema = v.object({
  type: v.literal('key.rotated'),
  timestamp: v.string(),
  data: v.object({
    key: v.string(),
    name: v.string(),
    /** Id of the key that takes over. */
    successor: v.string(),
    /** Until when the old one is good. */
    endsAt: v.string(),
  }),
})

export const WebhookTestSchema = v.object({
  type: v.literal('webhook.test'),
  timestamp: v.string(),
  data: v.object({ webhook: v.string() }),
})

export const WebhookEventSchema = v.variant('type', [
  LevelCrossedSchema,
  RegimeChangedSchema,
  UsageThresholdSchema,
  KeyRotatedSchema,
  WebhookTestSchema,
])
export type WebhookEvent = v.InferOutput<typeof WebhookEventSchema>
export type WebhookEventType = WebhookEvent['type']
export type MarketEvent = Extract<WebhookEvent, { type: 'level.crossed' | 'regime.changed' }>

export const WEBHOOK_EVENTS = [
  'level.crossed',
  'regime.changed',
  'usage.threshold',
  'key.rotated',
  'webhook.test',
] as const satisfies readonly WebhookEventType[]

/** An event under the id that stays its own over all attempts and endpoints. */
export interface NamedEvent {
  /** Without a full stop, which separates the parts of what is signed. */
  readonly id: string
  readonly event: WebhookEvent
}

export function isMarketEvent(event: WebhookEvent): event is MarketEvent {
  return event.type === 'level.crossed' || event.type === 'regime.changed'
}

export const MARKET_EVENTS: readonly string[] = [
  'level.crossed',
  'regime.changed',
] satisfies WebhookEventType[]
