/** What the Worker and other objects may ask of the object that holds an owner's webhooks. */
import type {
  DeliveryRow,
  DeliveryState,
  ReplayRequest,
  Webhook,
  WebhookChange,
  WebhookRequest,
} from '#schemas/rest/webhooks'
import type { NamedEvent } from '#schemas/webhookEvents'

export const MAX_ENDPOINTS = 10
/** Events on their way, of all endpoints of an owner. */
export const MAX_QUEUED = 100_000
/** Of one endpoint: it need not be the caller's own. */
export const TESTS_PER_MINUTE = 10
export const REPLAYS_PER_MINUTE = 10
/** How long the old secret signs too, after it was rotated. */
export const SECRET_OVERLAP_MS = 86_400_000

export interface DeliveriesQuery {
  readonly state?: DeliveryState
  readonly limit: number
  /** Place of the last row of the page before. */
  readonly before?: number
}

/** Newest first. */
export interface DeliveriesPage {
  readonly rows: readonly DeliveryRow[]
  /** `before` of the next page; null on the last. */
  readonly next: number | null
}

/** Null stands for an endpoint that is not there. */
export interface WebhookApi {
  list(): Promise<Webhook[]>
  /** Null when there are as many as may be. */
  create(request: WebhookRequest): Promise<{ webhook: Webhook; secret: string } | null>
  change(id: string, change: WebhookChange): Promise<Webhook | null>
  remove(id: string): Promise<boolean>
  rotate(id: string): Promise<{ webhook: Webhook; secret: string } | null>
  sendTest(id: string): Promise<DeliveryRow | 'disabled' | 'too_many' | null>
  /** How many are on their way again, or why none. */
  replay(
    id: string,
    request: ReplayRequest,
  ): Promise<number | 'disabled' | 'too_many' | 'unknown_delivery' | null>
  deliveries(id: string, query: DeliveriesQuery): Promise<DeliveriesPage | null>
  /** Stored when it returns. Telling the same event again changes nothing. */
  tell(events: readonly NamedEvent[]): Promise<void>
}

/** What a symbol's object does for those who want to be told of its levels. Asking twice changes nothing. */
export interface WatchApi {
  watchLevels(owner: string): Promise<void>
  unwatchLevels(owner: string): Promise<void>
}
