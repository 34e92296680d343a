import { DurableObject } from 'cloudflare:workers'
import type {
  DeliveryRow,
  ReplayRequest,
  Webhook,
  WebhookChange,
  WebhookRequest,
} from '#schemas/rest/webhooks'
import type { NamedEvent } from '#schemas/webhookEvents'
import type { Env } from '../env.ts'
import { AlarmRunner } from '../lib/alarmRunner.ts'
import { Alarms } from '../lib/alarms.ts'
import { logError } from '../lib/log.ts'
import {
  MAX_QUEUED,
  REPLAYS_PER_MINUTE,
  TESTS_PER_MINUTE,
  type DeliveriesPage,
  type DeliveriesQuery,
  type WebhookApi,
} from './contract.ts'
import { Courier } from './courier.ts'
import { Deliveries } from './deliveries.ts'
import { Endpoints, wants, type Endpoint } from './endpoints.ts'
import { OwnerTier } from './ownerTier.ts'
import { HELD_MS, isOver, nextLookMs, pauseOf, type Pause } from './pause.ts'
import { postEvent } from './post.ts'
import { sealingKeys } from './sealing.ts'
import { Secrets } from './secrets.ts'
import { newSecret } from './signature.ts'
import { deliveryShown, webhookShown } from './shown.ts'

/**
 * `deliver` brings what is due, `look` sees whether a pause is over, `watch` tells symbols whether we want their events,
 * `forget` lets go of what is old.
 */
type JobName = 'deliver' | 'look' | 'watch' | 'forget'

/** Of a job that did not end, say because the process did. */
const RETRY_MS = 5_000
const FORGET_EVERY_MS = 3_600_000
const MINUTE_MS = 60_000
/** After the tier could not be asked. */
const LOOK_AGAIN_MS = MINUTE_MS

/** The webhooks of one account and what is on its way to them. Named after the account. See docs/design/webhooks.md. */
export class WebhookObject extends DurableObject<Env> implements WebhookApi {
  readonly #owner: string
  readonly #endpoints: Endpoints
  readonly #deliveries: Deliveries
  readonly #secrets: Secrets
  readonly #tier: OwnerTier
  readonly #courier: Courier
  readonly #jobs: Alarms<JobName>
  readonly #alarms: AlarmRunner<JobName>
  #replays: { readonly id: string; readonly atMs: number }[] = []

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    const { storage } = ctx
    this.#owner = ctx.id.name ?? ''
    this.#endpoints = new Endpoints(storage)
    this.#deliveries = new Deliveries(storage)
    this.#secrets = new Secrets(this.#owner, this.#endpoints, () => sealingKeys(env))
    this.#tier = new OwnerTier(env.DB, this.#owner)
    this.#jobs = new Alarms(storage.kv.get<[JobName, number][]>('alarms') ?? [])
    this.#alarms = new AlarmRunner(this.#jobs, {
      save: (entries) => storage.kv.put('alarms', entries),
      // Not awaited: the output gate holds the reply until the alarm is stored.
      setAlarm: (atMs) => void storage.setAlarm(atMs),
      failed: (job, error) => logError('job_failed', { owner: this.#owner, job }, error),
    })
    const allowLoopback = env.WEBHOOKS_TO_LOOPBACK === '1'
    this.#courier = new Courier({
      endpoints: this.#endpoints,
      deliveries: this.#deliveries,
      transaction: (work) => storage.transactionSync(work),
      admit: (endpoint) => this.#admit(endpoint),
      post: (url, headers, body) => postEvent(url, headers, body, { allowLoopback }),
      disabled: () => this.#jobs.ensureBy('watch', Date.now()),
      failed: (endpoint, error) => logError('lane_failed', { owner: this.#owner, endpoint }, error),
    })
    void ctx.blockConcurrencyWhile(async () => {
      const failed = (error: unknown) => logError('seal_failed', { owner: this.#owner }, error)
      await this.#secrets.renew().catch(failed)
    })
  }

  async list(): Promise<Webhook[]> {
    await this.#look()
    return this.#endpoints.all().map((endpoint) => this.#shown(endpoint))
  }

  async create(request: WebhookRequest): Promise<{ webhook: Webhook; secret: string } | null> {
    const [id, secret, nowMs] = [crypto.randomUUID(), newSecret(), Date.now()]
    const sealed = await this.#secrets.sealed(id, secret)
    if (!this.#endpoints.add(id, request, sealed, nowMs)) return null
    this.#schedule('watch', nowMs)
    return this.#made(id, secret)
  }

  async change(id: string, change: WebhookChange): Promise<Webhook | null> {
    const held = this.#endpoints.find(id)
    if (held === null) return null
    this.ctx.storage.transactionSync(() => {
      this.#endpoints.change(held, change)
      if (change.enabled === false) this.#deliveries.giveUp(id, 'the endpoint was turned off: owner')
    })
    await this.#look()
    const nowMs = Date.now()
    this.#schedule('watch', nowMs)
    this.#bringFrom(nowMs)
    const changed = this.#endpoints.find(id)
    return changed && this.#shown(changed)
  }

  async remove(id: string): Promise<boolean> {
    const isRemoved = this.ctx.storage.transactionSync(() => {
      this.#deliveries.removeOf(id)
      return this.#endpoints.remove(id)
    })
    if (isRemoved) this.#schedule('watch', Date.now())
    return isRemoved
  }

  async rotate(id: string): Promise<{ webhook: Webhook; secret: string } | null> {
    if (this.#endpoints.find(id) === null) return null
    const secret = newSecret()
    const sealed = await this.#secrets.sealed(id, secret)
    this.#endpoints.rotate(id, sealed, Date.now())
    await this.#look()
    return this.#made(id, secret)
  }

  async sendTest(id: string): Promise<DeliveryRow | 'disabled' | 'too_many' | null> {
    const endpoint = this.#endpoints.find(id)
    if (endpoint === null) return null
    if (endpoint.disabled !== null) return 'disabled'
    const nowMs = Date.now()
    if (this.#room() <= 0 || this.#deliveries.countTests(id, nowMs - MINUTE_MS) >= TESTS_PER_MINUTE)
      return 'too_many'
    const timestamp = new Date(nowMs).toISOString()
    const event = { type: 'webhook.test', timestamp, data: { webhook: id } } as const
    const named = { id: `evt_test-${crypto.randomUUID()}`, event }
    this.#deliveries.add(id, named, endpoint.pause?.detail ?? null, nowMs)
    this.#bringFrom(nowMs)
    const delivery = this.#deliveries.find(id, named.id)
    return delivery && deliveryShown(delivery, endpoint)
  }

  async replay(
    id: string,
    request: ReplayRequest,
  ): Promise<number | 'disabled' | 'too_many' | 'unknown_delivery' | null> {
    const endpoint = this.#endpoints.find(id)
    if (endpoint === null) return null
    if (endpoint.disabled !== null) return 'disabled'
    const nowMs = Date.now()
    if (!this.#admitReplay(id, nowMs)) return 'too_many'
    const count = this.#replay(id, request, nowMs)
    this.#bringFrom(nowMs)
    return count
  }

  async deliveries(id: string, query: DeliveriesQuery): Promise<DeliveriesPage | null> {
    const endpoint = this.#endpoints.find(id)
    if (endpoint === null) return null
    // One more than asked for tells whether there is a next page.
    const found = this.#deliveries.page(id, { ...query, limit: query.limit + 1 })
    const page = found.slice(0, query.limit)
    const next = found.length > query.limit ? (page.at(-1)?.n ?? null) : null
    return { rows: page.map((delivery) => deliveryShown(delivery, endpoint)), next }
  }

  async tell(events: readonly NamedEvent[]): Promise<void> {
    const nowMs = Date.now()
    const endpoints = this.#endpoints.all()
    const wanted = events.flatMap((named) =>
      endpoints
        .filter((endpoint) => wants(endpoint, named.event, nowMs))
        .map(({ id, pause }) => ({ id, named, held: pause?.detail ?? null })),
    )
    if (wanted.length === 0) return
    this.ctx.storage.transactionSync(() => {
      let room = this.#room()
      for (const { id, named, held } of wanted) {
        if (this.#deliveries.find(id, named.id) !== null) continue
        if (room-- > 0) this.#deliveries.add(id, named, held, nowMs)
        else this.#endpoints.countDropped(id)
      }
    })
    this.#bringFrom(nowMs)
  }

  override alarm(): Promise<void> {
    return this.#alarms.runDue(Date.now, RETRY_MS, (name) => this.#run(name))
  }

  async #run(name: JobName): Promise<void> {
    switch (name) {
      case 'deliver': {
        await this.#courier.run()
        const nextMs = this.#courier.nextMs()
        if (nextMs === null) this.#jobs.cancel('deliver')
        else this.#jobs.set('deliver', nextMs)
        return
      }
      case 'look': {
        const nextMs = await this.#look()
        if (nextMs === null) this.#jobs.cancel('look')
        else this.#jobs.set('look', nextMs)
        return
      }
      case 'watch':
        return this.#tellSymbols()
      case 'forget':
        if (this.#deliveries.forget(Date.now())) this.#jobs.cancel('forget')
        else this.#jobs.set('forget', Date.now() + FORGET_EVERY_MS)
    }
  }

  /** What to sign with. Null: nothing may be sent for now, which the endpoint and its deliveries say. */
  async #admit({ id }: Endpoint): Promise<readonly string[] | null> {
    const nowMs = Date.now()
    const tier = await this.#tier.ask(nowMs)
    const asked = this.#endpoints.find(id)
    const secrets = asked && (await this.#secrets.open(asked, nowMs))
    const endpoint = this.#endpoints.find(id)
    if (endpoint === null) return null
    const pause = pauseOf({ tier, canSign: secrets !== null }, endpoint.pause, nowMs)
    if (pause !== null) this.#hold(endpoint, pause, nowMs)
    else if (endpoint.pause !== null) this.#goOn(endpoint, nowMs)
    return pause === null ? secrets : null
  }

  #hold({ id, disabled, pause: held }: Endpoint, pause: Pause, nowMs: number): void {
    const endMs = isOver(pause, nowMs) ? nowMs - HELD_MS : 0
    this.ctx.storage.transactionSync(() => {
      if (held?.detail !== pause.detail) this.#endpoints.writePause(id, pause)
      this.#deliveries.hold(id, pause.detail, endMs)
    })
    if (disabled !== null) return
    if (isOver(pause, nowMs)) this.#jobs.ensureBy('watch', nowMs)
    this.#jobs.ensureBy('forget', nowMs + FORGET_EVERY_MS)
    this.#schedule('look', nextLookMs(pause, nowMs))
  }

  #goOn({ id }: Endpoint, nowMs: number): void {
    this.#endpoints.writePause(id, null)
    this.#schedule('watch', nowMs)
    this.#bringFrom(nowMs)
  }

  /**
   * Which endpoints may be sent to as things stand. Without an answer all stay as they are. Returns when to look again;
   * null when nothing is paused.
   */
  async #look(): Promise<number | null> {
    try {
      for (const endpoint of this.#endpoints.all()) {
        // oxlint-disable-next-line no-await-in-loop
        await this.#admit(endpoint)
      }
    } catch (error) {
      logError('look_failed', { owner: this.#owner }, error)
      return Date.now() + LOOK_AGAIN_MS
    }
    const paused = this.#endpoints.all().filter(({ disabled }) => disabled === null)
    const times = paused.flatMap(({ pause }) => (pause === null ? [] : [nextLookMs(pause, Date.now())]))
    return times.length === 0 ? null : Math.min(...times)
  }

  /** Each by itself: a symbol that fails is asked again, and keeps no other waiting. */
  async #tellSymbols(): Promise<void> {
    for (const { symbol, isWanted } of this.#endpoints.untold(Date.now())) {
      const object = this.env.SYMBOL.getByName(symbol)
      try {
        // oxlint-disable-next-line no-await-in-loop
        await (isWanted ? object.watchLevels(this.#owner) : object.unwatchLevels(this.#owner))
        this.#endpoints.markTold(symbol, isWanted)
      } catch (error) {
        logError('watch_failed', { owner: this.#owner, symbol }, error)
      }
    }
    // Also of what was changed meanwhile.
    if (this.#endpoints.untold(Date.now()).length === 0) this.#jobs.cancel('watch')
  }

  #replay(id: string, request: ReplayRequest, nowMs: number): number | 'unknown_delivery' {
    if ('since' in request) {
      const limit = Math.max(0, this.#room())
      const since = { sinceMs: Date.parse(request.since), withDelivered: request.delivered, limit }
      return this.#deliveries.replaySince(id, since, nowMs)
    }
    const delivery = this.#deliveries.find(id, request.delivery)
    if (delivery === null) return 'unknown_delivery'
    this.#deliveries.replayOne(delivery.n, nowMs)
    return 1
  }

  /** Of the last minute, of all endpoints; in memory, for who is called often stays awake. */
  #admitReplay(id: string, nowMs: number): boolean {
    this.#replays = this.#replays.filter(({ atMs }) => nowMs - atMs < MINUTE_MS)
    const isAdmitted = this.#replays.filter((each) => each.id === id).length < REPLAYS_PER_MINUTE
    if (isAdmitted) this.#replays.push({ id, atMs: nowMs })
    return isAdmitted
  }

  #room(): number {
    return MAX_QUEUED - this.#deliveries.countQueued()
  }

  /** Sees to what has become due: the run in progress, or an alarm. */
  #bringFrom(nowMs: number): void {
    const nextMs = this.#courier.nextMs()
    if (nextMs === null) return
    this.#jobs.ensureBy('forget', nowMs + FORGET_EVERY_MS)
    this.#schedule('deliver', Math.max(nextMs, nowMs))
    this.#courier.wake()
  }

  #schedule(job: JobName, atMs: number): void {
    this.#jobs.ensureBy(job, atMs)
    this.#alarms.arm(Date.now())
  }

  #made(id: string, secret: string): { webhook: Webhook; secret: string } | null {
    const endpoint = this.#endpoints.find(id)
    return endpoint && { webhook: this.#shown(endpoint), secret }
  }

  #shown(endpoint: Endpoint): Webhook {
    return webhookShown(endpoint, this.#deliveries.countQueued(endpoint.id), Date.now())
  }
}
