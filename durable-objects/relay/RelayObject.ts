import { DurableObject } from 'cloudflare:workers'
import { gammaChannel } from '#schemas/stream/channel'
import { STREAM_LIMITS } from '#schemas/stream/protocol'
import type { Env } from '../env.ts'
import { COMPACT_SUBPROTOCOLS, negotiateEncoding, type Caller } from '../fanout/caller.ts'
import { compactFrame } from '../fanout/compactFrame.ts'
import { endRevoked, RevocationWatch } from '../fanout/revocationWatch.ts'
import { ListenerSockets } from '../fanout/ListenerSockets.ts'
import { SocketFanout } from '../fanout/SocketFanout.ts'
import { answerClose, MAX_SOCKETS, newAttachment, readUpgrade } from '../fanout/sockets.ts'
import type { SocketPlaceApi } from '../account/contract.ts'
import type { Revocations } from '../account/revocation.ts'
import { AlarmRunner } from '../lib/alarmRunner.ts'
import { Alarms } from '../lib/alarms.ts'
import { logError } from '../lib/log.ts'
import { RENEW_MS, type PushAnswer, type RelayApi } from './contract.ts'
import { RelayChannels } from './relayChannels.ts'
import { placeOf, ShardCount } from './shards.ts'

/** `sockets` closes whose time is up, `leases` keeps the places at the hubs and reports the load. */
type JobName = 'sockets' | 'leases'

const COMPACT_PATH = /^\/ws\/gamma-compact\/([^/]+)$/

/**
 * Sockets and no truth: serves the channels of any hubs to viewers of its region. What it holds in memory it can lose at
 * any time; its sockets stay, and get a snapshot with the next frame. See docs/design/stream.md.
 */
export class RelayObject extends DurableObject<Env> implements RelayApi, SocketPlaceApi {
  readonly #name: string
  readonly #fanout: SocketFanout
  readonly #compact: ListenerSockets
  readonly #channels: RelayChannels
  readonly #alarms: Alarms<JobName>
  readonly #runner: AlarmRunner<JobName>
  readonly #shards: ShardCount
  readonly #revocations: RevocationWatch
  /** Asked for by each symbol it serves. */
  #sentAwayUntilMs = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#name = ctx.id.name ?? ''
    this.#shards = new ShardCount(ctx.storage.kv.get<number>('shards') ?? null, Date.now())
    this.#compact = new ListenerSockets(ctx, 'compact')
    this.#fanout = new SocketFanout(ctx, {
      live: (channel) => this.#channels.live(channel),
      join: (channel) => void this.#join(channel),
    })
    this.#channels = new RelayChannels(this.#name, {
      hub: (symbol) => env.SYMBOL.getByName(symbol),
      cadences: (channel) => [...this.#fanout.cadences(channel), ...this.#compact.cadences(channel)],
      published: (frame, log, everyMs, nowMs) => {
        this.#fanout.publish(frame, log, everyMs, nowMs)
        if (log.frame !== null) {
          this.#compact.broadcast(log.channel, everyMs, log.frame.sequence, compactFrame(log.frame), nowMs)
        }
        this.#lookAtSocketsBy(nowMs + STREAM_LIMITS.ackWithinMs)
      },
      after: (delayMs, run) => {
        setTimeout(() => {
          const nowMs = Date.now()
          run(nowMs)
          this.#runner.arm(nowMs)
        }, delayMs)
      },
      feedChanged: (channel, feed) => {
        this.#fanout.feedChanged(channel, feed)
        this.#compact.feedChanged(channel, feed)
      },
      joined: (channel, outcome) => this.#fanout.joined(channel, outcome, Date.now()),
      failed: (channel, error) => logError('hub_failed', { relay: this.#name, channel }, error),
    })
    this.#revocations = new RevocationWatch({
      watch: (account, untilMs) =>
        env.ACCOUNT.getByName(account).watchRevocations({ kind: 'relay', name: this.#name }, untilMs),
      end: (account, revocations) => endRevoked(ctx, account, revocations, (socket) => this.#forget(socket)),
      failed: (_, error) => logError('revocations_not_watched', { relay: this.#name }, error),
    })
    this.#alarms = new Alarms(ctx.storage.kv.get<[JobName, number][]>('alarms') ?? [])
    this.#runner = new AlarmRunner(this.#alarms, {
      save: (entries) => ctx.storage.kv.put('alarms', entries),
      // Not awaited: the output gate holds what follows until the alarm is stored.
      setAlarm: (atMs) => void ctx.storage.setAlarm(atMs),
      failed: (job, error) => logError('job_failed', { relay: this.#name, job }, error),
    })
  }

  async pushFrame(channel: string, bytes: Uint8Array): Promise<PushAnswer> {
    const nowMs = Date.now()
    const answer = this.#channels.push(channel, bytes, nowMs)
    this.#runner.arm(nowMs)
    return answer
  }

  async sendAway(delayMs: number): Promise<number> {
    const nowMs = Date.now()
    if (nowMs < this.#sentAwayUntilMs) return 0
    this.#sentAwayUntilMs = nowMs + delayMs
    return this.#fanout.sendAway(delayMs)
  }

  /** How many relays the group needs. Asked of number 0. */
  async readShards(): Promise<number> {
    const shards = this.#shards.needed(this.#sockets, Date.now())
    const { kv } = this.ctx.storage
    if (kv.get<number>('shards') !== shards) kv.put('shards', shards)
    return shards
  }

  async reportSockets(shard: number, sockets: number): Promise<void> {
    this.#shards.report(shard, sockets, Date.now())
  }

  async endRevoked(account: string, revocations: Revocations): Promise<void> {
    this.#revocations.told(account, revocations)
  }

  override async fetch(request: Request): Promise<Response> {
    const nowMs = Date.now()
    const upgrade = readUpgrade(this.ctx, request, { sockets: this.#sockets, maxSockets: MAX_SOCKETS }, nowMs)
    if (!upgrade.ok) return upgrade.response
    const offered = request.headers.get('sec-websocket-protocol')
    const symbol = COMPACT_PATH.exec(new URL(request.url).pathname)?.[1]
    const response =
      symbol === undefined
        ? this.#fanout.accept(upgrade.caller, offered, nowMs)
        : await this.#acceptCompact(upgrade.caller, offered, symbol)
    if (response.status === 101) void this.#revocations.opened(upgrade.caller, nowMs)
    this.#lookAtSocketsBy(nowMs + STREAM_LIMITS.subscribeWithinMs)
    this.#alarms.ensureBy('leases', nowMs + RENEW_MS)
    this.#runner.arm(nowMs)
    return response
  }

  override webSocketMessage(socket: WebSocket, data: string | ArrayBuffer): void {
    const nowMs = Date.now()
    if (this.#compact.owns(socket)) this.#compact.receive(socket, data, nowMs)
    else this.#fanout.receive(socket, data, nowMs)
    this.#runner.arm(nowMs)
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    this.#forget(socket)
    answerClose(socket, code, reason)
  }

  override webSocketError(socket: WebSocket): void {
    this.#forget(socket)
    answerClose(socket, 1011, 'socket error')
  }

  override alarm(): Promise<void> {
    return this.#runner.runDue(Date.now, RENEW_MS, (name, nowMs) => this.#run(name, nowMs))
  }

  get #sockets(): number {
    return this.#fanout.size + this.#compact.size
  }

  async #join(channel: string): Promise<void> {
    await this.#channels.join(channel, Date.now)
    const nowMs = Date.now()
    this.#lookAtSocketsBy(nowMs + STREAM_LIMITS.ackWithinMs)
    this.#runner.arm(nowMs)
  }

  /** A viewer of one symbol whose own object is full. */
  async #acceptCompact(caller: Caller, offered: string | null, symbol: string): Promise<Response> {
    const channel = gammaChannel(symbol)
    const live = this.#channels.live(channel) ?? (await this.#channels.join(channel, Date.now))
    const nowMs = Date.now()
    const everyMs = this.#compact.cadenceOf(caller)
    const frame = live === 'unknown' || live === 'unreachable' ? null : live.logs.at(everyMs, nowMs).frame
    if (frame === null) return new Response(null, { status: 503 })
    const { encoding, subprotocol } = negotiateEncoding(offered, COMPACT_SUBPROTOCOLS)
    const attachment = { ...newAttachment(caller, encoding, nowMs), channels: [channel] }
    return this.#compact.accept(attachment, subprotocol, frame.feed, [compactFrame(frame)])
  }

  async #run(name: JobName, nowMs: number): Promise<void> {
    if (name === 'sockets') {
      const times = [this.#fanout.sweep(nowMs), this.#compact.sweep(nowMs)].filter((ms) => ms !== null)
      if (times.length === 0) this.#alarms.cancel('sockets')
      else this.#alarms.set('sockets', Math.min(...times))
      return
    }
    await this.#channels.renew([...this.#fanout.channels, ...this.#compact.channels], nowMs)
    if (this.#sockets === 0 && !this.#channels.isLingering) this.#alarms.cancel('leases')
    // Last: whoever counts may be away, and viewers want their frames all the same.
    const place = placeOf(this.#name)
    if (place === null || place.shard === 0) return
    await this.env.RELAY.getByName(place.first).reportSockets(place.shard, this.#sockets)
  }

  #lookAtSocketsBy(atMs: number): void {
    this.#alarms.ensureBy('sockets', atMs)
  }

  #forget(socket: WebSocket): void {
    this.#fanout.forget(socket)
    this.#compact.forget(socket)
  }
}
