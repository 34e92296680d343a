/**
 * A tier changed by hand reaches tokens and sockets: they are ended, and the next ones are of the tier of then. Which
 * accounts are due is noted by the database itself with the change, so that nobody who changes one can forget it; the note
 * is deleted after they were ended, so that dying in between leaves it to the next run. Ending them twice ends nothing more.
 */
import * as v from 'valibot'
import { SANDBOX_PREFIX } from '#schemas/subject'
import { TIERS, type Tier } from '#schemas/tiers'
import type { Env } from '#durable-objects/env'
import { revokeSubject } from '../auth/revocation.ts'
import { accountIdOf, subjectOf } from './accountStore.ts'

/** Those of one run; the others are the next one's. */
const MAX_ACCOUNTS = 100

type ChangeEnv = Pick<Env, 'ACCOUNT' | 'DB' | 'UPSTASH_REDIS_REST_URL' | 'UPSTASH_REDIS_REST_TOKEN'>

export interface TierOutcome {
  readonly account: string
  readonly email: string
  readonly was: Tier
  readonly tier: Tier
  /** False: the cron will. */
  readonly ended: boolean
}

const BeforeSchema = v.object({ id: v.string(), email: v.string(), tier: v.picklist(TIERS) })
const DueSchema = v.array(v.object({ account_id: v.string(), serial: v.number() }))

/** `account`: an address or an id. Null when there is none. */
export async function changeTier(env: ChangeEnv, account: string, tier: Tier): Promise<TierOutcome | null> {
  const { DB: db } = env
  const id = accountIdOf(account) ?? account
  const is = '(id = ?1 OR email = ?2)'
  const names = [id, account.toLowerCase()]
  const [before] = await db.batch([
    db.prepare(`SELECT id, email, tier FROM accounts WHERE ${is}`).bind(...names),
    db.prepare(`UPDATE accounts SET tier = ?3 WHERE ${is}`).bind(...names, tier),
  ])
  const [row] = before?.results ?? []
  if (row === undefined) return null
  const found = v.parse(BeforeSchema, row)
  const ended = await endNoted(env, found.id)
  return { account: found.id, email: found.email, was: found.tier, tier, ended }
}

/** Of everybody whose tier was changed and whose tokens were not ended yet. One that fails keeps no other waiting. */
export async function endChangedTiers(env: ChangeEnv): Promise<void> {
  const statement = env.DB.prepare(
    `SELECT account_id, MIN(serial) AS serial FROM changed_tiers GROUP BY account_id ORDER BY serial LIMIT ${MAX_ACCOUNTS}`,
  )
  const due = v.parse(DueSchema, (await statement.all()).results)
  await Promise.all(due.map(({ account_id }) => endNoted(env, account_id)))
}

/** Never rejects: what is not ended stays noted. */
async function endNoted(env: ChangeEnv, accountId: string): Promise<boolean> {
  try {
    const { DB: db } = env
    const newest = db.prepare('SELECT MAX(serial) AS serial FROM changed_tiers WHERE account_id = ?')
    // From before the tokens are ended: a change that comes meanwhile is another.
    const serial = (await newest.bind(accountId).first<number | null>('serial')) ?? 0
    await endTokens(env, accountId)
    await db
      .prepare('DELETE FROM changed_tiers WHERE account_id = ? AND serial <= ?')
      .bind(accountId, serial)
      .run()
    return true
  } catch (cause) {
    console.error(JSON.stringify({ level: 'error', message: 'tokens not ended yet', cause: String(cause) }))
    return false
  }
}

/** And of its sandbox, whose keys are good only for a partner. */
async function endTokens(env: ChangeEnv, accountId: string): Promise<void> {
  const subject = subjectOf({ id: accountId })
  const nowMs = Date.now()
  await Promise.all([subject, `${SANDBOX_PREFIX}${subject}`].map((name) => revokeSubject(env, name, nowMs)))
}
