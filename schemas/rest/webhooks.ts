/** Webhook endpoints and deliveries as their owner sees them. What is sent to an endpoint is in `../webhookEvents.ts`. */
import * as v from 'valibot'
import { WEBHOOK_EVENTS } from '../webhookEvents.ts'
import { SymbolSchema } from '../symbol.ts'
import { columnsSchema } from './table.ts'
import { cursor, instant, rows, TABLE_QUERY } from './query.ts'

export const MAX_URL_CHARACTERS = 2_048
const MAX_SYMBOLS = 50

/** `webhook.test` comes when it is asked for, and so cannot be chosen. */
export const CHOSEN_EVENTS = WEBHOOK_EVENTS.filter((type) => type !== 'webhook.test')

const fields = {
  url: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_URL_CHARACTERS)),
  events: v.pipe(v.array(v.picklist(CHOSEN_EVENTS)), v.minLength(1), v.maxLength(CHOSEN_EVENTS.length)),
  /** Of which markets; events of the account come without any. */
  symbols: v.pipe(v.array(SymbolSchema), v.maxLength(MAX_SYMBOLS)),
  description: v.pipe(v.string(), v.maxLength(120)),
}

export const WebhookRequestSchema = v.strictObject({
  url: fields.url,
  events: fields.events,
  symbols: v.optional(fields.symbols, []),
  description: v.optional(fields.description, ''),
})
export type WebhookRequest = v.InferOutput<typeof WebhookRequestSchema>

export const WebhookChangeSchema = v.strictObject({
  url: v.optional(fields.url),
  events: v.optional(fields.events),
  symbols: v.optional(fields.symbols),
  description: v.optional(fields.description),
  enabled: v.optional(v.boolean()),
})
export type WebhookChange = v.InferOutput<typeof WebhookChangeSchema>

/** `owner`: turned off by request; `gone`: it answered 410; `failing`: nothing arrived for five days. */
export const DISABLED_REASONS = ['owner', 'gone', 'failing'] as const
export type DisabledReason = (typeof DISABLED_REASONS)[number]

/** `tier`: the account's is too low now; `secret`: it cannot be opened any more and has to be rotated. */
export const PAUSE_REASONS = ['tier', 'secret'] as const
export type PauseReason = (typeof PAUSE_REASONS)[number]

export const WebhookSchema = v.object({
  id: v.string(),
  url: v.string(),
  events: v.array(v.string()),
  symbols: v.array(v.string()),
  description: v.string(),
  enabled: v.boolean(),
  disabledReason: v.nullable(v.picklist(DISABLED_REASONS)),
  /** Nothing is sent for now, and it goes on by itself once the reason is gone. */
  paused: v.nullable(v.object({ reason: v.picklist(PAUSE_REASONS), detail: v.string(), since: v.string() })),
  /** ISO 8601 UTC. */
  createdAt: v.string(),
  /** Since when nothing has arrived; null while deliveries succeed. */
  failingSince: v.nullable(v.string()),
  /** Until when messages are signed with the secret before this one, too. */
  oldSecretUntil: v.nullable(v.string()),
  queued: v.number(),
  /** Events that found the queue full. */
  dropped: v.number(),
})
export type Webhook = v.InferOutput<typeof WebhookSchema>

export const WebhookAnswerSchema = v.object({ data: WebhookSchema })
export const WebhookListSchema = v.object({ data: v.array(WebhookSchema) })
/** `secret` is shown this once. */
export const NewWebhookSchema = v.object({ data: v.object({ ...WebhookSchema.entries, secret: v.string() }) })

/** `dead`: given up on; it can be replayed. */
export const DELIVERY_STATES = ['queued', 'delivered', 'dead'] as const
export type DeliveryState = (typeof DELIVERY_STATES)[number]

export const DeliveryRowSchema = v.object({
  /** The event's id, as in `webhook-id`. */
  id: v.string(),
  type: v.string(),
  state: v.picklist(DELIVERY_STATES),
  attempts: v.number(),
  createdAt: v.string(),
  lastAttemptAt: v.nullable(v.string()),
  /** Null unless queued, and while the webhook is paused. */
  nextAttemptAt: v.nullable(v.string()),
  /** Of the last answer, if there was one. */
  lastStatus: v.nullable(v.number()),
  /** Why the last attempt failed, or none is made. */
  lastError: v.nullable(v.string()),
})
export type DeliveryRow = v.InferOutput<typeof DeliveryRowSchema>

export const DeliveryAnswerSchema = v.object({ data: DeliveryRowSchema })
export const DeliveryListSchema = v.object({
  data: v.array(DeliveryRowSchema),
  nextCursor: v.nullable(v.string()),
})

export const DeliveryListColumnsSchema = v.object({
  data: columnsSchema(DeliveryRowSchema),
  nextCursor: v.nullable(v.string()),
})

export const DeliveriesQuerySchema = v.object({
  ...TABLE_QUERY,
  state: v.optional(
    v.pipe(
      v.picklist(DELIVERY_STATES, `expected ${DELIVERY_STATES.join(' or ')}`),
      v.description('All without it.'),
    ),
  ),
  limit: rows(100, 500),
  cursor,
})

/** One event, or those that were not delivered since an instant. */
export const ReplayRequestSchema = v.union(
  [
    v.strictObject({ delivery: v.pipe(v.string(), v.minLength(1), v.maxLength(100)) }),
    v.strictObject({
      since: instant,
      /** Those that arrived, too. */
      delivered: v.optional(v.boolean(), false),
    }),
  ],
  'expected {"delivery": id} or {"since": instant}',
)
export type ReplayRequest = v.InferOutput<typeof ReplayRequestSchema>
export const ReplayAnswerSchema = v.object({ data: v.object({ queued: v.number() }) })
