/** Deletes an account and whatever is held under its name, wherever it is. */
import type { Env } from '#durable-objects/env'
import { windowsOf } from '#durable-objects/windows/windowsClient'
import { SANDBOX_PREFIX } from '#schemas/subject'
import { revokeSubject } from '../auth/revocation.ts'
import { subjectOf, type Account } from './accountStore.ts'
import { listGuests } from './guests.ts'
import { secretHash } from './serverSecret.ts'

/** Tables about a subject that know nothing of accounts. What belongs to `accounts` goes with its row. */
const OWNED_TABLES = ['api_keys', 'billing_customers', 'billing_reports', 'webhook_outbox'] as const

/** The objects first: should one fail, the account is still there to be erased again. */
export async function eraseAccount(env: Env, account: Account): Promise<void> {
  const { DB: db } = env
  const subject = subjectOf(account)
  const sandbox = `${SANDBOX_PREFIX}${subject}`
  await Promise.all([subject, sandbox].map((name) => revokeSubject(env, name, Date.now())))
  const guests = await listGuests(db, account.id)
  await Promise.all(
    [subject, sandbox, ...guests].flatMap((name) => [
      env.ACCOUNT.getByName(name).erase(),
      windowsOf(env.WINDOWS, name).erase(),
    ]),
  )
  const webhooks = env.WEBHOOKS.getByName(subject)
  await Promise.all((await webhooks.list()).map(({ id }) => webhooks.remove(id)))
  const emailHash = await secretHash(env.AUTH_PRIVATE_JWK, 'sign-in address', account.email)
  await db.batch([
    ...OWNED_TABLES.map((table) => db.prepare(`DELETE FROM ${table} WHERE owner = ?`).bind(subject)),
    db.prepare('DELETE FROM sign_in_codes WHERE email_hash = ?').bind(emailHash),
    db.prepare('DELETE FROM accounts WHERE id = ?').bind(account.id),
  ])
}
