/**
 * Units of closed days as a billing provider takes them, in the shape of Stripe's meter events
 * (https://docs.stripe.com/api/billing/meter-event/create): one event per account and UTC day.
 */
import type { DailyLine } from '#durable-objects/account/contract'
import { DAY_MS } from '#durable-objects/account/quota'

export const METER_NAME = 'flipwire_units'

export interface MeterEvent {
  readonly event_name: string
  /** The provider takes each only once, within 24 hours. */
  readonly identifier: string
  /** Unix seconds: the last of the day. */
  readonly timestamp: number
  readonly payload: { readonly stripe_customer_id: string; readonly value: string }
}

/** What tells of usage; a day and its event. */
export interface DayEvent {
  readonly day: string
  readonly units: number
  readonly event: MeterEvent
}

/** The port to whoever sends the bills. Resolves when the event is theirs. */
export interface BillingProvider {
  report(event: MeterEvent): Promise<void>
}

/** Of days before `today`, which is still being counted, that are not among `reported`. Oldest first. */
export function meterEvents(
  account: { readonly owner: string; readonly customer: string },
  lines: readonly DailyLine[],
  reported: ReadonlySet<string>,
  today: string,
): DayEvent[] {
  const unitsByDay = new Map<string, number>()
  for (const { day, units } of lines) unitsByDay.set(day, (unitsByDay.get(day) ?? 0) + units)
  return [...unitsByDay]
    .filter(([day, units]) => day < today && units > 0 && !reported.has(day))
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([day, units]) => ({
      day,
      units,
      event: {
        event_name: METER_NAME,
        identifier: `${day}:${account.owner}`,
        timestamp: (Date.parse(`${day}T00:00:00Z`) + DAY_MS) / 1000 - 1,
        payload: { stripe_customer_id: account.customer, value: String(units) },
      },
    }))
}
