/** What accounts leave behind is deleted when its time is over; run by the cron. */
import { forgetCodes } from './codeStore.ts'
import { forgetEvents } from './events.ts'
import { forgetOperatorRequests } from '../operator/requireOperator.ts'
import { forgetSessions } from './sessionStore.ts'

export async function forgetOld(db: D1Database, nowMs: number): Promise<void> {
  const challenges = db.prepare('DELETE FROM passkey_challenges WHERE expires_ms <= ?').bind(nowMs)
  await db.batch([
    forgetCodes(db, nowMs),
    forgetSessions(db, nowMs),
    forgetEvents(db, nowMs),
    forgetOperatorRequests(db, nowMs),
    challenges,
  ])
}
