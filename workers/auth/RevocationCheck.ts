/**
 * One isolate's view of what was revoked. It asks Redis whether anything was, and the account's object what; without Redis
 * the object alone, less often. What to ask when is decided in `revocationMemory.ts`.
 */
import * as v from 'valibot'
import {
  isRevoked,
  REVOCATION_KEPT_MS,
  type Credential,
  type Revocations,
} from '#durable-objects/account/revocation'
import type { AccountApi } from '#durable-objects/account/contract'
import { orUnavailable } from '../middleware/errors/AppError.ts'
import {
  chooseRedis,
  REDIS_PREFIX,
  type RedisSettings,
  type SharedRedis,
} from '../storage/redis/chooseRedis.ts'
import {
  answered,
  asking,
  isAccountDue,
  isMarkDue,
  markUnchanged,
  NOTHING_KNOWN,
  type Known,
} from './revocationMemory.ts'

export type RevokingAccount = Pick<AccountApi, 'revoke' | 'readRevocations'>

export interface RevocationEnv extends RedisSettings {
  readonly ACCOUNT: { getByName(name: string): RevokingAccount }
}

const MAX_REMEMBERED = 5_000
const MarkSchema = v.nullable(v.pipe(v.string(), v.maxLength(64)))

export class RevocationCheck {
  readonly #redisOf: (settings: RedisSettings) => SharedRedis | null
  readonly #known = new Map<string, Known>()

  constructor(redisOf: (settings: RedisSettings) => SharedRedis | null = chooseRedis) {
    this.#redisOf = redisOf
  }

  /** `id`: of a token, an API key or a session; null for all tokens of the account. */
  async revoke(env: RevocationEnv, account: string, id: string | null, nowMs: number): Promise<void> {
    const revocations = await ofAccount(() => env.ACCOUNT.getByName(account).revoke(id, nowMs))
    this.#remember(account, answered(this.#of(account), revocations, nowMs))
    await this.#redisOf(env)?.background.ask(v.literal('OK'), (redis) =>
      redis.set(keyOf(account), crypto.randomUUID(), { px: REVOCATION_KEPT_MS }),
    )
  }

  /** `later` takes over what nobody needs to wait for. */
  async isRevoked(
    env: RevocationEnv,
    credential: Credential,
    nowMs: number,
    later: (work: Promise<void>) => void,
  ): Promise<boolean> {
    const { account } = credential
    const asked = await this.#lookAtMark(env, account, nowMs)
    if (isAccountDue(this.#of(account), nowMs)) later(this.#refresh(env, account, nowMs))
    return isRevoked(credential, asked ?? this.#of(account).revocations)
  }

  /** Asks the account's object if the mark is not the one it was asked for last. */
  async #lookAtMark(env: RevocationEnv, account: string, nowMs: number): Promise<Revocations | null> {
    const redis = this.#redisOf(env)
    if (redis === null || !isMarkDue(this.#of(account), nowMs)) return null
    const mark = await redis.waitedFor.ask(MarkSchema, (commands) => commands.get(keyOf(account)))
    if (!mark.ok || mark.value === this.#of(account).mark) {
      this.#remember(account, markUnchanged(this.#of(account), nowMs))
      return null
    }
    const revocations = await readRevocations(env, account)
    this.#remember(account, markUnchanged(answered(this.#of(account), revocations, nowMs, mark.value), nowMs))
    return revocations
  }

  async #refresh(env: RevocationEnv, account: string, nowMs: number): Promise<void> {
    this.#remember(account, asking(this.#of(account), nowMs))
    try {
      const revocations = await readRevocations(env, account)
      this.#remember(account, answered(this.#of(account), revocations, nowMs))
    } catch (cause) {
      console.error(JSON.stringify({ level: 'error', message: 'revocations not read', cause: String(cause) }))
    }
  }

  #of(account: string): Known {
    return this.#known.get(account) ?? NOTHING_KNOWN
  }

  #remember(account: string, known: Known): void {
    if (this.#known.size >= MAX_REMEMBERED && !this.#known.has(account)) this.#known.clear()
    this.#known.set(account, known)
  }
}

function readRevocations(env: RevocationEnv, account: string): Promise<Revocations> {
  return ofAccount(() => env.ACCOUNT.getByName(account).readRevocations())
}

/** Async, so that a stub that throws at once is a rejection as well. */
function ofAccount(call: () => Promise<Revocations>): Promise<Revocations> {
  return orUnavailable('the record of this account', async () => call())
}

function keyOf(account: string): string {
  return `${REDIS_PREFIX}revoked:${account}`
}
