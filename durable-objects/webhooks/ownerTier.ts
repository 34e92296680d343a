/** The tier an owner has today, asked of D1 and remembered for half a minute. */
import * as v from 'valibot'
import { USER_PREFIX } from '#schemas/subject'
import { TIERS } from '#schemas/tiers'
import type { Facts } from './pause.ts'

const KNOWN_FOR_MS = 30_000
const RowSchema = v.nullable(v.object({ tier: v.picklist(TIERS) }))

export class OwnerTier {
  readonly #db: D1Database
  readonly #account: string | null
  #known: { readonly tier: Facts['tier']; readonly atMs: number } | null = null

  constructor(db: D1Database, owner: string) {
    this.#db = db
    this.#account = owner.startsWith(USER_PREFIX) ? owner.slice(USER_PREFIX.length) : null
  }

  /** Of an owner without an account an operator made the token: `any`. */
  async ask(nowMs: number): Promise<Facts['tier']> {
    if (this.#account === null) return 'any'
    if (this.#known !== null && nowMs - this.#known.atMs < KNOWN_FOR_MS) return this.#known.tier
    const statement = this.#db.prepare('SELECT tier FROM accounts WHERE id = ?').bind(this.#account)
    const tier = v.parse(RowSchema, await statement.first())?.tier ?? null
    // As of before the question: an answer must not count as younger than it may be.
    this.#known = { tier, atMs: nowMs }
    return tier
  }
}
