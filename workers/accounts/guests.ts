/**
 * A guest who signs in goes on where they were: what they used today counts for the account, and the windows they have open
 * are the account's. Once per guest.
 */
import * as v from 'valibot'
import { dayOf } from '#durable-objects/account/days'
import type { Env } from '#durable-objects/env'
import { windowsOf } from '#durable-objects/windows/windowsClient'
import { TIER_LIMITS } from '#schemas/tiers'
import { subjectOf, type Account } from './accountStore.ts'
import { eventStatement, type Place } from './events.ts'

const MAX_LINES_OF_A_DAY = 2_000

/** Subjects. */
export async function listGuests(db: D1Database, accountId: string): Promise<string[]> {
  const statement = db.prepare('SELECT subject FROM linked_guests WHERE account_id = ? ORDER BY linked_ms')
  const { results } = await statement.bind(accountId).all()
  return results.map((row) => v.parse(v.object({ subject: v.string() }), row).subject)
}

/** Whether it has become an account. */
export async function isLinkedGuest(db: D1Database, subject: string): Promise<boolean> {
  const statement = db.prepare('SELECT 1 FROM linked_guests WHERE subject = ?')
  return (await statement.bind(subject).first()) !== null
}

/** Marked as carried over before anything is: what a crash leaves behind is lost to us and not counted twice. */
export async function linkGuest(
  env: Env,
  guest: string,
  account: Account,
  place: Place,
  nowMs: number,
): Promise<void> {
  const insert = env.DB.prepare('INSERT OR IGNORE INTO linked_guests VALUES (?, ?, ?)')
  const { meta } = await insert.bind(guest, account.id, nowMs).run()
  if (meta.changes === 0) return
  await Promise.all([
    carryUsage(env, guest, account, nowMs),
    carryWindows(env, guest, account, nowMs),
    eventStatement(env.DB, account.id, 'guest.linked', place, nowMs).run(),
  ])
}

async function carryUsage(env: Env, guest: string, account: Account, nowMs: number): Promise<void> {
  const today = { from: dayOf(nowMs), to: dayOf(nowMs), limit: MAX_LINES_OF_A_DAY }
  const lines = await env.ACCOUNT.getByName(guest).readDaily(today)
  if (lines.length === 0) return
  const charge = {
    id: guest,
    address: 'guest',
    lines: lines.map(({ route, keyId, calls, units }) => ({ route, keyId, calls, units })),
  }
  await env.ACCOUNT.getByName(subjectOf(account)).record(charge, TIER_LIMITS[account.tier])
}

/** Under the ids they have, so that whoever opened them can renew them. What does not fit stays with the guest and ends. */
async function carryWindows(env: Env, guest: string, account: Account, nowMs: number): Promise<void> {
  const limit = TIER_LIMITS[account.tier].windows
  const [from, to] = [windowsOf(env.WINDOWS, guest), windowsOf(env.WINDOWS, subjectOf(account))]
  for (const { id, kind, symbol } of await from.list(nowMs)) {
    const opened = await to.open({ id, kind, symbol }, limit, nowMs)
    if (opened.ok) await from.close(id, nowMs)
  }
}
