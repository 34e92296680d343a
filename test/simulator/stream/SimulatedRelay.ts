import type { ChannelLog } from '#durable-objects/fanout/channelLog'
import type { Encoding } from '#durable-objects/fanout/outgoing'
import { RENEW_MS, type Joined, type PushAnswer } from '#durable-objects/relay/contract'
import { Session, type LiveChannel, type SessionPort } from '#durable-objects/fanout/session'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import { decodeStreamFrame } from '#schemas/stream/decodeBinary'
import type { Hello } from '#schemas/stream/messages'
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

const TIMEOUT_MS = 3_000
/** Answers to control messages: who does not read does not ask for many. */
const MOST_ANSWERS = 6
const CALLER = { subject: 'viewer', tier: 'pro', expiresAtMs: Number.MAX_SAFE_INTEGER } as const

export interface RelaySurroundings {
  readonly network: Network
  readonly symbol: SimulatedSymbol
}

interface Seat {
  readonly socket: Socket
  readonly encoding: Encoding
  session: Session
  /** How often it was given its credit: what was sent before a hibernation is forgotten. */
  credits: number
  /** An alarm is set for its deadline. */
  isWatched: boolean
}

/** A relay around its sessions: takes frames from the hub and hands them on. */
export class SimulatedRelay {
  readonly process: Process
  readonly #cores: Cores
  readonly #around: RelaySurroundings
  #log: ChannelLog
  readonly #seats = new Set<Seat>()
  #isJoining = false

  constructor(process: Process, cores: Cores, around: RelaySurroundings) {
    this.process = process
    this.#cores = cores
    this.#around = around
    this.#log = cores.createLog()
    this.#renew()
  }

  /** A viewer's upgrade arrives. */
  accept(socket: Socket, protocol: string): void {
    if (!this.process.isAlive) return socket.breakAtServer()
    const nowMs = this.process.nowMs()
    const encoding = protocol === STREAM_SUBPROTOCOLS.binary ? 'binary' : 'json'
    const port = this.#portOf(() => seat)
    const session = new Session(port, CALLER, encoding, { connectedMs: nowMs })
    const seat: Seat = { socket, encoding, session, credits: 1, isWatched: false }
    this.#seats.add(seat)
    socket.listenAtServer({
      message: (data) => {
        if (data === PING_TEXT) return socket.sendToClient(PONG_TEXT)
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
    const viewers = [...this.#seats].filter(({ session }) => session.channels.includes(CHANNEL))
    if (viewers.length === 0) return 'left'
    const nowMs = this.process.nowMs()
    const taken = this.#log.receive(decodeStreamFrame(bytes), bytes, nowMs)
    if (taken === 'unfit') return 'wantsSnapshot'
    if (taken === 'old') return 'held'
    for (const seat of viewers) {
      this.#cores.publish(seat.session, taken, this.#log, nowMs, (data) => this.#send(seat, data))
      this.#watch(seat)
    }
    return 'held'
  }

  kill(): void {
    this.process.say('is killed')
    this.process.kill()
    for (const { socket } of this.#seats) socket.breakAtServer()
    this.#seats.clear()
    this.#forget()
  }

  /** Its memory is gone; its sockets and what they are subscribed to are not. */
  hibernate(): void {
    this.process.say('hibernates')
    this.#forget()
    for (const seat of this.#seats) {
      const restored = seat.session.channels
      seat.credits++
      seat.session = new Session(
        this.#portOf(() => seat),
        CALLER,
        seat.encoding,
        { restored },
      )
    }
  }

  restart(): void {
    this.process.start()
    this.#renew()
  }

  #forget(): void {
    this.#log = this.#cores.createLog()
    this.#isJoining = false
  }

  #portOf(seatOf: () => Seat): SessionPort {
    return {
      send: (data) => this.#send(seatOf(), data),
      close: (name) => this.#close(seatOf(), CLOSE_CODES[name]),
      live: () => this.#live(),
      join: () => this.#join(),
      changed: () => {},
    }
  }

  #send({ socket, credits }: Seat, data: string | Uint8Array): void {
    socket.sendToClient(typeof data === 'string' ? data : (data.slice().buffer as ArrayBuffer))
    const { unread } = socket
    const isBounded = unread <= credits * CREDIT.frames + MOST_ANSWERS
    this.process.world.check(isBounded, 'a slow viewer has no growing queue', () => `${unread} messages`)
  }

  #live(): LiveChannel | null {
    return this.#log.position === null ? null : { log: this.#log, feed: 'synthetic' }
  }

  #join(): void {
    if (this.#isJoining) return
    this.#isJoining = true
    const { symbol } = this.#around
    this.#call<Joined | null>(
      (reply) => symbol.hub.join(this.process.name, reply),
      (joined) => {
        this.#isJoining = false
        if (joined !== 'unreachable' && joined !== null) this.receive(joined.snapshot)
        const outcome = joined === 'unreachable' ? joined : (this.#live() ?? 'unknown')
        for (const { session } of this.#seats) session.joined(CHANNEL, outcome, this.process.nowMs())
      },
    )
  }

  #renew(): void {
    const { symbol } = this.#around
    const renewed = (reply: (answer: null) => void) => {
      symbol.hub.renew(this.process.name)
      reply(null)
    }
    if (this.#seats.size > 0) this.#call<null>(renewed, () => {})
    this.process.after(RENEW_MS, () => this.#renew())
  }

  #call<T>(serve: (reply: (answer: T) => void) => void, answered: (answer: T | 'unreachable') => void): void {
    const { network, symbol } = this.#around
    network.call<{ readonly answer: T }>(
      this.process,
      symbol.process,
      TIMEOUT_MS,
      (reply) => serve((answer) => reply({ answer })),
      (reply) => answered(reply === null ? 'unreachable' : reply.answer),
    )
  }

  /** As the alarm does: whoever was not heard in time is closed. */
  #watch(seat: Seat): void {
    if (seat.isWatched || !this.#seats.has(seat)) return
    seat.isWatched = true
    // A token that never ends is far off.
    const inMs = Math.min(seat.session.deadlineMs - this.process.nowMs(), 60_000)
    this.process.after(inMs, () => {
      seat.isWatched = false
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
