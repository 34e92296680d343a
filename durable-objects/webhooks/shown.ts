/** Endpoints and deliveries as their owner sees them: no secret, no body. */
import type { DeliveryRow, Webhook } from '#schemas/rest/webhooks'
import type { Delivery } from './deliveries.ts'
import type { Endpoint } from './endpoints.ts'

export function webhookShown(endpoint: Endpoint, queued: number, nowMs: number): Webhook {
  const { id, url, events, symbols, description, disabled, dropped, pause } = endpoint
  const { createdMs, failingSinceMs, oldSecret, oldUntilMs } = endpoint
  return {
    id,
    url,
    events,
    symbols,
    description,
    enabled: disabled === null,
    disabledReason: disabled,
    paused:
      pause === null ? null : { reason: pause.reason, detail: pause.detail, since: instant(pause.sinceMs) },
    createdAt: instant(createdMs),
    failingSince: instantOrNull(failingSinceMs),
    oldSecretUntil: oldSecret !== null && nowMs < oldUntilMs ? instant(oldUntilMs) : null,
    queued,
    dropped,
  }
}

export function deliveryShown(delivery: Delivery, { pause }: Endpoint): DeliveryRow {
  const { event, type, state, attempts, createdMs, lastMs, nextMs, lastStatus, lastError } = delivery
  return {
    id: event,
    type,
    state,
    attempts,
    createdAt: instant(createdMs),
    lastAttemptAt: instantOrNull(lastMs),
    nextAttemptAt: state === 'queued' && pause === null ? instant(nextMs) : null,
    lastStatus,
    lastError,
  }
}

function instantOrNull(ms: number | null): string | null {
  return ms === null ? null : instant(ms)
}

function instant(ms: number): string {
  return new Date(ms).toISOString()
}
