/**
 * Reports closed days to the billing provider, every hour until it has taken them: an unsure outcome is asked again while
 * the provider still knows the event, and a day that was taken is never sent again.
 */
import * as v from 'valibot'
import { daysBefore, dayOf, KEPT_DAYS } from '#durable-objects/account/days'
import type { Env } from '#durable-objects/env'
import { meterEvents, type BillingProvider } from './meterEvents.ts'

/** More lines than an account has in the days that are kept. */
const MAX_LINES = 50_000

const CustomersSchema = v.array(v.object({ owner: v.string(), customer: v.string() }))
const ReportedSchema = v.array(v.object({ day: v.string() }))

type Customer = v.InferOutput<typeof CustomersSchema>[number]

/** One account that fails keeps no other waiting. */
export async function reportUsage(
  env: Pick<Env, 'ACCOUNT' | 'DB'>,
  provider: BillingProvider,
  nowMs: number,
): Promise<void> {
  const { results } = await env.DB.prepare('SELECT owner, customer FROM billing_customers').all()
  for (const customer of v.parse(CustomersSchema, results)) {
    try {
      await reportAccount(env, provider, customer, nowMs)
    } catch (cause) {
      console.error(JSON.stringify({ level: 'error', message: 'usage not reported', cause: String(cause) }))
    }
  }
}

async function reportAccount(
  env: Pick<Env, 'ACCOUNT' | 'DB'>,
  provider: BillingProvider,
  customer: Customer,
  nowMs: number,
): Promise<void> {
  const { owner } = customer
  const from = daysBefore(nowMs, KEPT_DAYS - 1)
  const query = { from, to: daysBefore(nowMs, 1), limit: MAX_LINES }
  const lines = await env.ACCOUNT.getByName(owner).readDaily(query)
  const { results } = await env.DB.prepare('SELECT day FROM billing_reports WHERE owner = ? AND day >= ?')
    .bind(owner, from)
    .all()
  const reported = new Set(v.parse(ReportedSchema, results).map(({ day }) => day))
  for (const { day, units, event } of meterEvents(customer, lines, reported, dayOf(nowMs))) {
    await provider.report(event)
    await env.DB.prepare(
      'INSERT OR IGNORE INTO billing_reports (owner, day, units, reported_ms) VALUES (?, ?, ?, ?)',
    )
      .bind(owner, day, units, nowMs)
      .run()
  }
}
