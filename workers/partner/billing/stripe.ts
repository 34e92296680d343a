/** Stripe as the billing provider: one POST per event, no SDK. */
import type { BillingProvider, MeterEvent } from './meterEvents.ts'

const URL = 'https://api.stripe.com/v1/billing/meter_events'
const TIMEOUT_MS = 10_000

type Fetch = (url: string, init: RequestInit) => Promise<Response>

export function stripeBilling(secretKey: string, request: Fetch = fetch): BillingProvider {
  return {
    async report(event) {
      const response = await request(URL, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${secretKey}`,
          'content-type': 'application/x-www-form-urlencoded',
          'idempotency-key': event.identifier,
        },
        body: formOf(event).toString(),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      })
      if (!response.ok) throw new Error(`expected the meter event to be taken, was ${response.status}`)
      await response.body?.cancel()
    },
  }
}

function formOf({ event_name, identifier, timestamp, payload }: MeterEvent): URLSearchParams {
  return new URLSearchParams({
    event_name,
    identifier,
    timestamp: String(timestamp),
    'payload[stripe_customer_id]': payload.stripe_customer_id,
    'payload[value]': payload.value,
  })
}
