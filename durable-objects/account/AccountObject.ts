import { DurableObject } from 'cloudflare:workers'
import type { Standing } from '#schemas/quota'
import { GUEST_PREFIX } from '#schemas/subject'
import type { Env } from '../env.ts'
import { Answers } from './answers.ts'
import type { AccountApi, Charge, ChargeAnswer, DailyLine, DailyQuery } from './contract.ts'
import type { KeyVerdict } from './idempotency.ts'
import { daysBefore, KEPT_DAYS } from './days.ts'
import { Ledger } from './ledger.ts'
import { DAY_MS, type QuotaLimits } from './quota.ts'
import { Tickets } from './tickets.ts'

/** A guest lives for minutes, and nobody settles with one. */
const GUEST_KEPT_DAYS = 2
/** Longer than an access token or a remembered API key is good: what they still bring goes, too. */
const ERASE_AGAIN_MS = 20 * 60_000
const ERASED = 'isErased'

interface Stores {
  readonly ledger: Ledger
  readonly answers: Answers
  readonly tickets: Tickets
}

/** What is kept of one account or one guest: metered calls, answers to repeat, tickets used. Named after the subject. */
export class AccountObject extends DurableObject<Env> implements AccountApi {
  readonly #keptDays: number
  #stores: Stores | null = null
  #isCleaningDue = false

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#keptDays = ctx.id.name?.startsWith(GUEST_PREFIX) ? GUEST_KEPT_DAYS : KEPT_DAYS
    void ctx.blockConcurrencyWhile(async () => {
      this.#isCleaningDue = (await ctx.storage.getAlarm()) !== null
    })
  }

  async charge(charge: Charge, limits: QuotaLimits): Promise<ChargeAnswer> {
    const answer = this.#open().ledger.charge(charge, limits, Date.now())
    this.#cleanLater()
    return answer
  }

  async record(charge: Charge, limits: QuotaLimits): Promise<Standing> {
    const standing = this.#open().ledger.record(charge, limits, Date.now())
    this.#cleanLater()
    return standing
  }

  async readDaily(query: DailyQuery): Promise<DailyLine[]> {
    const lines = this.#open().ledger.readDaily(query)
    this.#cleanLater()
    return lines
  }

  async beginAnswer(keyHash: string, print: string): Promise<KeyVerdict> {
    const verdict = this.#open().answers.begin(keyHash, print, Date.now())
    this.#cleanLater()
    return verdict
  }

  async finishAnswer(keyHash: string, answer: string | null): Promise<void> {
    this.#open().answers.finish(keyHash, answer)
  }

  async burnTicket(id: string, endsMs: number): Promise<boolean> {
    const isFirst = this.#open().tickets.burn(id, endsMs, Date.now())
    this.#cleanLater()
    return isFirst
  }

  async erase(): Promise<void> {
    await this.#deleteAll()
    await this.ctx.storage.put(ERASED, true)
    await this.ctx.storage.setAlarm(Date.now() + ERASE_AGAIN_MS)
    this.#isCleaningDue = true
  }

  /** Once a day, until there is nothing left to forget; then not even the tables stay. */
  override async alarm(): Promise<void> {
    const nowMs = Date.now()
    this.#isCleaningDue = false
    if (await this.ctx.storage.get(ERASED)) return this.#deleteAll()
    const { ledger, answers, tickets } = this.#open()
    const isEmpty = [
      ledger.forgetBefore(daysBefore(nowMs, this.#keptDays), nowMs),
      answers.forget(nowMs),
      tickets.forget(nowMs),
    ].every(Boolean)
    if (!isEmpty) return this.#cleanLater()
    await this.#deleteAll()
  }

  async #deleteAll(): Promise<void> {
    this.#stores = null
    await this.ctx.storage.deleteAll()
  }

  #open(): Stores {
    const { storage } = this.ctx
    return (this.#stores ??= {
      ledger: new Ledger(storage, Date.now()),
      answers: new Answers(storage),
      tickets: new Tickets(storage),
    })
  }

  /** Not awaited: the output gate holds what follows until the alarm is stored. */
  #cleanLater(): void {
    if (this.#isCleaningDue) return
    this.#isCleaningDue = true
    void this.ctx.storage.setAlarm(Date.now() + DAY_MS)
  }
}
