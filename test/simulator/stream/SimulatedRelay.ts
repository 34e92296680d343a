import type { ChannelLog } from '#durable-objects/fanout/channelLog'
import type { Encoding, Outgoing } from '#durable-objects/fanout/outgoing'
import { RENEW_MS, type PushAnswer } from '#durable-objects/relay/contract'
import { RelayChannels } from '#durable-objects/relay/relayChannels'
import { NO_DEBTS, type Caller } from '#durable-objects/fanout/caller'
import { Session, type Remembered, type SessionPort } from '#durable-objects/fanout/session'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import type { ControlMessage, Hello } from '#schemas/stream/messages'
import {
  ACK_EVERY,
  CREDIT,
  HEARTBEAT_MS,
  PING_TEXT,
  PONG_TEXT,
  RESUME,
  STREAM_LIMITS,
  STREAM_SUBPROTOCOLS,
} from '#schemas/stream/protocol'
import { EVERY_FRAME, type Tier } from '#schemas/tiers'
import type { Cores } from '../cores.ts'
import type { SimulatedSymbol } from '../ingest/SimulatedSymbol.ts'
import type { Network } from '../world/Network.ts'
import type { Process } from '../world/Process.ts'
import type { Socket } from '../world/Socket.ts'
import { CHANNEL } from './channel.ts'
import type { SimulatedHub } from './SimulatedHub.ts'

const TIMEOUT_MS = 3_000
/** Answers to control messages: who does not read does not ask for many. */
const MOST_ANSWERS = 2
/** One that it had when its relay fell asleep, having been heard in that life, and one for all lives in which it was not. */
const MOST_CREDITS = 2
const EXPIRES_AT_MS = Number.MAX_SAFE_INTEGER
/** A timer fires on its millisecond. */
const WITHHELD = 'no frame is withheld for longer than the cadence'
const CROWDED = 'no more frames than the cadence has room for'

export interface RelaySurroundings {
  readonly network: Network
  readonly symbol: SimulatedSymbol
}

interface Seat {
  readonly socket: Socket
  readonly caller: Caller
  readonly encoding: Encoding
  session: Session
  /** What outlives its memory. */
  remembered: Remembered
  /** Nothing was sent since there is memory of it. */
  isFirstFrame: boolean
  /** When the first frame was sent that it has not said anything since. */
  owesSinceMs: number | null
  /** When its deadline is looked at next. */
  wakesAtMs: number
}

/** A relay around its sessions: takes frames from the hub and hands them on. */
export class SimulatedRelay {
  readonly process: Process
  readonly #cores: Cores
  readonly #around: RelaySurroundings
  #channels: RelayChannels
  readonly #seats = new Set<Seat>()
  /** Set and not fired yet. */
  #timers = 0
  /** Of the thinned log. */
  #thinned = { frames: 0, sinceMs: 0 }
  /** When each frame came, by epoch and sequence. */
  readonly #cameMs = new Map<string, number>()

  constructor(process: Process, cores: Cores, around: RelaySurroundings) {
    this.process = process
    this.#cores = cores
    this.#around = around
    this.#channels = this.#createChannels()
    this.#renew()
  }

  /** A viewer's upgrade arrives. */
  accept(socket: Socket, protocol: string, tier: Tier): void {
    if (!this.process.isAlive) return socket.breakAtServer()
    const nowMs = this.process.nowMs()
    const encoding = protocol === STREAM_SUBPROTOCOLS.binary ? 'binary' : 'json'
    const port = this.#portOf(() => seat)
    const caller = { subject: 'viewer', tier, expiresAtMs: EXPIRES_AT_MS }
    const session = new Session(port, caller, encoding, { connectedMs: nowMs })
    const seat: Seat = {
      socket,
      caller,
      encoding,
      session,
      remembered: { channels: [], debts: NO_DEBTS },
      isFirstFrame: true,
      owesSinceMs: null,
      wakesAtMs: EXPIRES_AT_MS,
    }
    this.#seats.add(seat)
    socket.listenAtServer({
      message: (data) => {
        if (data === PING_TEXT) return socket.sendToClient(PONG_TEXT)
        if (String(data).includes('"ack"')) seat.owesSinceMs = null
        seat.session.receive(data, this.process.nowMs())
        this.#watch(seat)
      },
      closed: () => this.#seats.delete(seat),
    })
    socket.sendToClient(JSON.stringify(hello(nowMs, session.frameEveryMs)))
    this.#watch(seat)
  }

  /** A frame from the hub. */
  receive(bytes: Uint8Array): PushAnswer {
    return this.#channels.push(CHANNEL, bytes, this.process.nowMs())
  }

  kill(): void {
    this.process.say('is killed')
    this.process.kill()
    for (const { socket } of this.#seats) socket.breakAtServer()
    this.#seats.clear()
    this.#timers = 0
    this.#channels = this.#createChannels()
  }

  /** Before a restart. */
  sendAway(delayMs: number): void {
    this.process.say('sends its viewers away')
    const text = JSON.stringify({ type: 'reconnect', delayMs } satisfies ControlMessage)
    for (const { socket } of this.#seats) socket.sendToClient(text)
  }

  /** Its memory is gone; its sockets and what they are subscribed to are not. */
  hibernate(): void {
    // The platform waits for timers.
    if (this.#timers > 0) return
    this.process.say('hibernates')
    this.#channels = this.#createChannels()
    for (const seat of this.#seats) {
      seat.isFirstFrame = true
      seat.session = new Session(
        this.#portOf(() => seat),
        seat.caller,
        seat.encoding,
        { restored: seat.remembered },
      )
    }
  }

  restart(): void {
    this.process.start()
    this.#renew()
  }

  #createChannels(): RelayChannels {
    const { process } = this
    // What was asked for before the memory was lost is answered to nobody.
    const isRemembered = () => this.#channels === channels
    const channels = new RelayChannels(process.name, {
      hub: () => ({
        joinStream: (relay) => this.#call((hub, reply) => hub.join(relay, reply)),
        renewStream: (relay) => this.#call((hub, reply) => hub.renew(relay, reply)),
      }),
      cadences: (channel) => this.#seatsOf(channel).map(({ session }) => session.frameEveryMs),
      after: (delayMs, run) => {
        this.#timers++
        process.after(delayMs, () => {
          this.#timers--
          run(process.nowMs())
        })
      },
      published: (frame, log, everyMs, nowMs) => isRemembered() && this.#publish(frame, log, everyMs, nowMs),
      feedChanged: () => {},
      joined: (channel, outcome) => {
        if (!isRemembered()) return
        for (const { session } of this.#seats) session.joined(channel, outcome, process.nowMs())
      },
      failed: () => {},
    })
    return channels
  }

  #seatsOf(channel: string): readonly Seat[] {
    return [...this.#seats].filter(({ session }) => session.channels.includes(channel))
  }

  #publish(frame: Outgoing, log: ChannelLog, everyMs: number, nowMs: number): void {
    this.#watchCadence(frame, everyMs, nowMs)
    for (const seat of this.#seatsOf(frame.channel)) {
      if (seat.session.frameEveryMs !== everyMs) continue
      const send = (data: string | Uint8Array) => this.#send(seat, data)
      this.#cores.publish(seat.session, frame, log, nowMs, send)
      this.#watch(seat)
    }
  }

  #watchCadence({ position, isSnapshot }: Outgoing, everyMs: number, nowMs: number): void {
    const place = `${position.epoch}/${position.sequence}`
    if (everyMs === EVERY_FRAME) this.#cameMs.set(place, nowMs)
    const heldMs = nowMs - (this.#cameMs.get(place) ?? 0)
    const { world } = this.process
    world.check(heldMs <= everyMs, WITHHELD, () => `${place} for ${heldMs} ms`)
    if (everyMs === EVERY_FRAME) return
    // A snapshot begins a log.
    if (isSnapshot) this.#thinned = { frames: 0, sinceMs: nowMs }
    const frames = ++this.#thinned.frames
    const passedMs = nowMs - this.#thinned.sinceMs
    world.check(frames <= 3 + passedMs / everyMs, CROWDED, () => `${frames} in ${passedMs} ms`)
  }

  #portOf(seatOf: () => Seat): SessionPort {
    return {
      send: (data) => this.#send(seatOf(), data),
      close: (name) => this.#close(seatOf(), CLOSE_CODES[name]),
      live: (channel) => this.#channels.live(channel),
      join: (channel) => void this.#channels.join(channel, () => this.process.nowMs()),
      changed: () => {
        const { channels, debts } = seatOf().session
        seatOf().remembered = { channels, debts }
      },
    }
  }

  #send(seat: Seat, data: string | Uint8Array): void {
    const { socket } = seat
    this.#watchDebts(seat, data)
    socket.sendToClient(typeof data === 'string' ? data : (data.slice().buffer as ArrayBuffer))
    const { unread } = socket
    const isBounded = unread <= MOST_CREDITS * CREDIT.frames + MOST_ANSWERS
    this.process.world.check(isBounded, 'a slow viewer has no growing queue', () => `${unread} messages`)
  }

  /** The first frame of each life of a relay's memory must be acknowledged in time, also if that life has ended meanwhile. */
  #watchDebts(seat: Seat, data: string | Uint8Array): void {
    const nowMs = this.process.nowMs()
    const { owesSinceMs } = seat
    const isInTime = owesSinceMs === null || nowMs - owesSinceMs <= STREAM_LIMITS.ackWithinMs
    this.process.world.check(isInTime, 'who does not read is closed', () => `owes since ${owesSinceMs}`)
    const isFrame = typeof data !== 'string' || !/^\{"type":"(?!snapshot|delta)/.test(data)
    if (!isFrame || !seat.isFirstFrame) return
    seat.isFirstFrame = false
    seat.owesSinceMs ??= nowMs
  }

  #renew(): void {
    void this.#channels.renew(this.#seats.size > 0 ? [CHANNEL] : [], this.process.nowMs())
    this.process.after(RENEW_MS, () => this.#renew())
  }

  #call<T>(serve: (hub: SimulatedHub, reply: (answer: T) => void) => void): Promise<T> {
    const { network, symbol } = this.#around
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    network.call<{ readonly answer: T }>(
      this.process,
      symbol.process,
      TIMEOUT_MS,
      (reply) => serve(symbol.hub, (answer) => reply({ answer })),
      (reply) => (reply === null ? reject(new Error('timeout')) : resolve(reply.answer)),
    )
    return promise
  }

  /** As the alarm does: whoever was not heard in time is closed. */
  #watch(seat: Seat): void {
    const { deadlineMs } = seat.session
    if (deadlineMs >= seat.wakesAtMs || !this.#seats.has(seat)) return
    seat.wakesAtMs = deadlineMs
    this.process.after(deadlineMs - this.process.nowMs(), () => {
      if (seat.wakesAtMs !== deadlineMs) return
      seat.wakesAtMs = EXPIRES_AT_MS
      seat.session.checkDeadline(this.process.nowMs())
      this.#watch(seat)
    })
  }

  #close(seat: Seat, code: number): void {
    if (this.#seats.delete(seat)) seat.socket.closeAtServer(code)
  }
}

function hello(serverMs: number, frameEveryMs: number): Hello {
  return {
    type: 'hello',
    protocol: 1,
    serverMs,
    heartbeatMs: HEARTBEAT_MS,
    ackEvery: ACK_EVERY.frames,
    credit: CREDIT,
    frameEveryMs,
    resumeMs: RESUME.ms,
    resumeFrames: RESUME.frames,
    reconnectSpreadMs: 1_000,
    limits: STREAM_LIMITS,
  }
}
