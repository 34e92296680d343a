/** Everything that is held of an account, gathered from where it is kept. Secrets and hashes are left out. */
import * as v from 'valibot'
import type { DailyLine } from '#durable-objects/account/contract'
import { daysBefore, dayOf, KEPT_DAYS } from '#durable-objects/account/days'
import type { Env } from '#durable-objects/env'
import { windowsOf } from '#durable-objects/windows/windowsClient'
import { SANDBOX_PREFIX } from '#schemas/subject'
import { listKeys } from '../partner/keyStore.ts'
import { subjectOf, type Account } from './accountStore.ts'
import { listEvents } from './events.ts'
import { listGuests } from './guests.ts'
import { listPasskeys } from './passkeys/passkeyStore.ts'
import { listSessions } from './sessionStore.ts'

const USAGE_PAGE = 1_000
const ReportSchema = v.object({ day: v.string(), units: v.number() })

export async function gatherAccount(env: Env, account: Account, nowMs: number) {
  const { DB: db } = env
  const subject = subjectOf(account)
  const [sessions, events, guests, apiKeys, passkeys, openWindows, webhooks, usage, sandboxUsage, billing] =
    await Promise.all([
      listSessions(db, account.id, nowMs),
      listEvents(db, account.id),
      listGuests(db, account.id),
      listKeys(db, subject),
      listPasskeys(db, account.id),
      windowsOf(env.WINDOWS, subject).list(nowMs),
      env.WEBHOOKS.getByName(subject).list(),
      allUsage(env, subject, nowMs),
      allUsage(env, `${SANDBOX_PREFIX}${subject}`, nowMs),
      billingOf(db, subject),
    ])
  return {
    account,
    sessions,
    events,
    guests,
    apiKeys,
    passkeys,
    openWindows,
    webhooks,
    usage,
    sandboxUsage,
    billing,
  }
}

/** Newest day first. */
async function allUsage(env: Pick<Env, 'ACCOUNT'>, subject: string, nowMs: number): Promise<DailyLine[]> {
  const days = { from: daysBefore(nowMs, KEPT_DAYS), to: dayOf(nowMs), limit: USAGE_PAGE }
  const lines: DailyLine[] = []
  for (;;) {
    const before = lines.at(-1)
    const query = before === undefined ? days : { ...days, before }
    const page = await env.ACCOUNT.getByName(subject).readDaily(query)
    lines.push(...page)
    if (page.length < USAGE_PAGE) return lines
  }
}

async function billingOf(db: D1Database, owner: string) {
  const [customers, reports] = await db.batch([
    db.prepare('SELECT customer FROM billing_customers WHERE owner = ?').bind(owner),
    db.prepare('SELECT day, units FROM billing_reports WHERE owner = ? ORDER BY day DESC').bind(owner),
  ])
  const [row] = customers?.results ?? []
  return {
    customer: row === undefined ? null : v.parse(v.object({ customer: v.string() }), row).customer,
    reports: (reports?.results ?? []).map((report) => v.parse(ReportSchema, report)),
  }
}
