import { DurableObject } from 'cloudflare:workers'
import type { Standing } from '#schemas/quota'
import { GUEST_PREFIX } from '#schemas/subject'
import type { NamedEvent } from '#schemas/webhookEvents'
import type { Env } from '../env.ts'
import { logError } from '../lib/log.ts'
import { UsageWatch } from '../webhooks/usageEvents.ts'
import { Answers } from './answers.ts'
import type {
  AccountApi,
  Charge,
  ChargeAnswer,
  DailyLine,
  DailyQuery,
  Place,
  SocketPlaceApi,
} from './contract.ts'
import type { KeyVerdict } from './idempotency.ts'
import { daysBefore, KEPT_DAYS } from './days.ts'
import { Ledger } from './ledger.ts'
import { DAY_MS, type QuotaLimits } from './quota.ts'
import type { Revocations } from './revocation.ts'
import { RevocationStore } from './revocationStore.ts'
import { Tickets } from './tickets.ts'
import { Turn } from './turn.ts'
import { Untold } from './untold.ts'

/** A guest lives for a week at most, but nobody settles with one: it is today's quota that has to be known. */
const GUEST_KEPT_DAYS = 2
const TELL_ATTEMPTS = 3
const TELL_AGAIN_MS = 60_000
/** Longer than an access token or a remembered API key is good: what they still bring goes, too. */
const ERASE_AGAIN_MS = 20 * 60_000
const ERASED = 'isErased'

interface Stores {
  readonly ledger: Ledger
  readonly answers: Answers
  readonly tickets: Tickets
  readonly revocations: RevocationStore
}

/** What is kept of one account or one guest: metered calls, answers to repeat, tickets used, what was revoked. Named after the subject. */
export class AccountObject extends DurableObject<Env> implements AccountApi {
  readonly #keptDays: number
  readonly #turn = new Turn()
  #stores: Stores | null = null
  readonly #usage = new UsageWatch()
  readonly #untold: Untold
  #isCleaningDue = false

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#keptDays = ctx.id.name?.startsWith(GUEST_PREFIX) ? GUEST_KEPT_DAYS : KEPT_DAYS
    const account = ctx.id.name ?? ''
    this.#untold = new Untold({
      storage: ctx.storage,
      tell: (events) => env.WEBHOOKS.getByName(account).tell(events),
      failed: (error) => logError('tell_failed', { account }, error),
    })
    void ctx.blockConcurrencyWhile(async () => {
      this.#isCleaningDue = (await ctx.storage.getAlarm()) !== null
    })
  }

  async charge(charge: Charge, limits: QuotaLimits): Promise<ChargeAnswer> {
    await this.#turn.wait()
    const answer = this.#open().ledger.charge(charge, limits, Date.now())
    this.#cleanLater()
    const news = this.#usage.news(answer.standing.day, Date.now())
    if (news.length > 0) this.#tellWebhooks(news)
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
    const revoked = this.#open().revocations.read()
    await this.#deleteAll()
    await this.ctx.storage.put(ERASED, true)
    await this.ctx.storage.setAlarm(Date.now() + ERASE_AGAIN_MS)
    this.#isCleaningDue = true
    // Its tokens stay ended, and nothing else is made anew for that.
    if (revoked.notBeforeMs > 0) new RevocationStore(this.ctx.storage).revoke(null, revoked.notBeforeMs - 1)
  }

  async revoke(id: string | null, nowMs: number): Promise<Revocations> {
    const { revocations } = this.#open()
    const revoked = revocations.revoke(id, nowMs)
    this.#cleanLater()
    for (const place of revocations.places(nowMs)) this.ctx.waitUntil(this.#tell(place, revoked))
    return revoked
  }

  async readRevocations(): Promise<Revocations> {
    const revoked = this.#open().revocations.read()
    this.#cleanLater()
    return revoked
  }

  async watchRevocations(place: Place, untilMs: number): Promise<Revocations> {
    const { revocations } = this.#open()
    revocations.watch(place, untilMs)
    this.#cleanLater()
    return revocations.read()
  }

  /** Once a day, until there is nothing left to forget; then not even the tables stay. Sooner for what was not told. */
  override async alarm(): Promise<void> {
    const nowMs = Date.now()
    this.#isCleaningDue = false
    if (await this.ctx.storage.get(ERASED)) return this.#deleteAll()
    if (!(await this.#untold.tell())) return this.#tellLater()
    const { ledger, answers, tickets, revocations } = this.#open()
    const isEmpty = [
      ledger.forgetBefore(daysBefore(nowMs, this.#keptDays), nowMs),
      answers.forget(nowMs),
      tickets.forget(nowMs),
      revocations.forget(nowMs),
    ].every(Boolean)
    if (!isEmpty) return this.#cleanLater()
    await this.#deleteAll()
  }

  #tellWebhooks(news: readonly NamedEvent[]): void {
    this.#untold.add(news)
    this.#tellLater()
    void this.#untold.tell()
  }

  /** The alarm of every day comes sooner, and is set for the next day by the one that comes. */
  #tellLater(): void {
    this.#isCleaningDue = true
    void this.ctx.storage.setAlarm(Date.now() + TELL_AGAIN_MS)
  }

  async #deleteAll(): Promise<void> {
    this.#stores = null
    await this.ctx.storage.deleteAll()
  }

  async #tell({ kind, name }: Place, revoked: Revocations): Promise<void> {
    for (let attempt = 1; attempt <= TELL_ATTEMPTS; attempt++) {
      // A new stub each time: one that has thrown stays broken.
      const stub: SocketPlaceApi =
        kind === 'relay' ? this.env.RELAY.getByName(name) : this.env.SYMBOL.getByName(name)
      try {
        // oxlint-disable-next-line no-await-in-loop -- each is tried because the one before failed
        return await stub.endRevoked(this.ctx.id.name ?? '', revoked)
      } catch (error) {
        if (attempt === TELL_ATTEMPTS) logError('revocation_not_told', { place: `${kind} ${name}` }, error)
      }
    }
  }

  #open(): Stores {
    const { storage } = this.ctx
    return (this.#stores ??= {
      ledger: new Ledger(storage, Date.now()),
      answers: new Answers(storage),
      tickets: new Tickets(storage),
      revocations: new RevocationStore(storage),
    })
  }

  /** Not awaited: the output gate holds what follows until the alarm is stored. */
  #cleanLater(): void {
    if (this.#isCleaningDue) return
    this.#isCleaningDue = true
    void this.ctx.storage.setAlarm(Date.now() + DAY_MS)
  }
}
