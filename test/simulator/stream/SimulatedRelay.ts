import type { ChannelLog } from '#durable-objects/fanout/channelLog'
import type { Encoding, Outgoing } from '#durable-objects/fanout/outgoing'
import { RENEW_MS, type PushAnswer } from '#durable-objects/relay/contract'
import { RelayChannels } from '#durable-objects/relay/relayChannels'
import { NO_DEBTS } from '#durable-objects/fanout/caller'
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
import type { Cores } from '../cores.ts'
import type { SimulatedSymbol } from '../ingest/SimulatedSymbol.ts'
import type { Network } from '../world/Network.ts'
import type { Process } from '../world/Process.ts'
import type { Socket } from '../world/Socket.ts'
import { CHANNEL } from './channel.ts'
import type { SimulatedHub } from './SimulatedHub.ts'

const TIMEOUT_MS = 3_000
/** Answers to control messages: who does not read does not ask for many. */
const MOST_ANSWERS = 6
/** One that it had when its relay fell asleep, having been heard in that life, and one for all lives in which it was not. */
const MOST_CREDITS = 2
const CALLER = { subject: 'viewer', tier: 'pro', expiresAtMs: Number.MAX_SAFE_INTEGER } as const

export interface RelaySurroundings {
  readonly network: Network
  readonly symbol: SimulatedSymbol
}

interface Seat {
  readonly socket: Socket
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

  constructor(process: Process, cores: Cores, around: RelaySurroundings) {
    this.process = process
    this.#cores = cores
    this.#around = around
    this.#channels = this.#createChannels()
    this.#renew()
  }

  /** A viewer's upgrade arrives. */
  accept(socket: Socket, protocol: string): void {
    if (!this.process.isAlive) return socket.breakAtServer()
    const nowMs = this.process.nowMs()
    const encoding = protocol === STREAM_SUBPROTOCOLS.binary ? 'binary' : 'json'
    const port = this.#portOf(() => seat)
    const session = new Session(port, CALLER, encoding, { connectedMs: nowMs })
    const seat: Seat = {
      socket,
      encoding,
      session,
      remembered: { channels: [], debts: NO_DEBTS },
      isFirstFrame: true,
      owesSinceMs: null,
      wakesAtMs: CALLER.expiresAtMs,
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
    socket.sendToClient(JSON.stringify(hello(nowMs)))
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
    this.process.say('hibernates')
    this.#channels = this.#createChannels()
    for (const seat of this.#seats) {
      seat.isFirstFrame = true
      seat.session = new Session(
        this.#portOf(() => seat),
        CALLER,
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
      isWatched: (channel) => [...this.#seats].some(({ session }) => session.channels.includes(channel)),
      published: (frame, { log }) => isRemembered() && this.#publish(frame, log),
      feedChanged: () => {},
      joined: (channel, outcome) => {
        if (!isRemembered()) return
        for (const { session } of this.#seats) session.joined(channel, outcome, process.nowMs())
      },
      failed: () => {},
    })
    return channels
  }

  #publish(frame: Outgoing, log: ChannelLog): void {
    for (const seat of this.#seats) {
      if (!seat.session.channels.includes(frame.channel)) continue
      const send = (data: string | Uint8Array) => this.#send(seat, data)
      this.#cores.publish(seat.session, frame, log, this.process.nowMs(), send)
      this.#watch(seat)
    }
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
      seat.wakesAtMs = CALLER.expiresAtMs
      seat.session.checkDeadline(this.process.nowMs())
      this.#watch(seat)
    })
  }

  #close(seat: Seat, code: number): void {
    if (this.#seats.delete(seat)) seat.socket.closeAtServer(code)
  }
}

function hello(serverMs: number): Hello {
  return {
    type: 'hello',
    protocol: 1,
    serverMs,
    heartbeatMs: HEARTBEAT_MS,
    ackEvery: ACK_EVERY.frames,
    credit: CREDIT,
    resumeMs: RESUME.ms,
    resumeFrames: RESUME.frames,
    reconnectSpreadMs: 1_000,
    limits: STREAM_LIMITS,
  }
}
