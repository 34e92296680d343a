/** Accounts in D1. */
import * as v from 'valibot'
import { USER_PREFIX } from '#schemas/subject'
import { TIERS, type Tier } from '#schemas/tiers'

export interface Account {
  readonly id: string
  readonly email: string
  readonly tier: Tier
  readonly createdMs: number
}

const RowSchema = v.object({
  id: v.string(),
  email: v.string(),
  tier: v.picklist(TIERS),
  created_ms: v.number(),
})

export function subjectOf({ id }: Pick<Account, 'id'>): string {
  return `${USER_PREFIX}${id}`
}

/** Null: not a subject of an account. */
export function accountIdOf(subject: string): string | null {
  return subject.startsWith(USER_PREFIX) ? subject.slice(USER_PREFIX.length) : null
}

/** The account of an address, made if there is none. */
export async function accountOfEmail(
  db: D1Database,
  email: string,
  nowMs: number,
): Promise<{ readonly account: Account; readonly isNew: boolean }> {
  const id = crypto.randomUUID()
  const insert = db
    .prepare('INSERT INTO accounts (id, email, created_ms) VALUES (?, ?, ?) ON CONFLICT (email) DO NOTHING')
    .bind(id, email, nowMs)
  const select = db.prepare('SELECT id, email, tier, created_ms FROM accounts WHERE email = ?').bind(email)
  const [, found] = await db.batch([insert, select])
  const account = accountFrom(found?.results[0])
  return { account, isNew: account.id === id }
}

export async function findAccount(db: D1Database, id: string): Promise<Account | null> {
  const statement = db.prepare('SELECT id, email, tier, created_ms FROM accounts WHERE id = ?')
  const row = await statement.bind(id).first()
  return row === null ? null : accountFrom(row)
}

function accountFrom(row: unknown): Account {
  const { created_ms, ...rest } = v.parse(RowSchema, row)
  return { ...rest, createdMs: created_ms }
}
