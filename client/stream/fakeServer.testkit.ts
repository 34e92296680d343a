/**
 * A server of one channel that keeps to the protocol, over a line that does not: what it sends can be lost, doubled,
 * put out of order or cut off. Nothing arrives before `deliver`.
 */
import type { GammaFrame } from '#schemas/frame/gamma'
import { readClientMessage } from '#schemas/stream/clientMessage'
import { encodeDelta, encodeSnapshot } from '#schemas/stream/encodeBinary'
import type { ControlMessage, Position } from '#schemas/stream/messages'
import { STREAM_LIMITS, STREAM_SUBPROTOCOLS } from '#schemas/stream/protocol'
import { snapshotOf, type GammaSnapshot } from '#schemas/stream/snapshot'
import type { GammaDelta } from '#schemas/stream/delta'
import type { FakeSocket } from './fakeNetwork.testkit.ts'
import { deltaAt, frameAt } from './history.testkit.ts'

const CHANNEL = 'gamma.SPX'
const ACK_EVERY = 3

export const HELLO: ControlMessage = {
  type: 'hello',
  protocol: 1,
  serverMs: 0,
  heartbeatMs: 15_000,
  ackEvery: ACK_EVERY,
  credit: { frames: 64, bytes: 1 << 20 },
  frameEveryMs: 0,
  resumeMs: 300_000,
  resumeFrames: 2_000,
  reconnectSpreadMs: 1_000,
  limits: { ...STREAM_LIMITS },
}

export type Fault = 'drop' | 'double' | 'swap'

export interface FakeServerOptions {
  /** Frames back that can still be resumed. */
  readonly window: number
  /** Frames sent and not acknowledged. */
  readonly credit: number
}

export function fakeServer({ window, credit }: FakeServerOptions) {
  let head: Position = { epoch: 1, sequence: 1 }
  let socket: FakeSocket | null = null
  let isSubscribed = false
  let isBehind = false
  let outstanding: number[] = []
  let line: (string | ArrayBuffer)[] = []
  let faults: Fault[] = []
  let isDown = false
  let isMute = false
  const answers = { resumed: 0, refused: 0, fresh: 0 }

  const newest = (): GammaFrame => frameAt(head.epoch, head.sequence)

  function say(message: ControlMessage): void {
    line.push(JSON.stringify(message))
  }

  function sendFrame(message: GammaSnapshot | GammaDelta, sequence: number): void {
    outstanding.push(sequence)
    if (socket?.protocol === STREAM_SUBPROTOCOLS.json) line.push(JSON.stringify(message))
    else line.push((message.type === 'delta' ? encodeDelta(message) : encodeSnapshot(message)).buffer)
  }

  function sendSnapshot(): void {
    sendFrame(snapshotOf(newest()), head.sequence)
  }

  function subscribe(from: Position | null): void {
    isSubscribed = true
    isBehind = false
    outstanding = []
    const missed = from?.epoch === head.epoch ? head.sequence - from.sequence : -1
    const recovered = missed >= 0 && missed <= Math.min(window, credit)
    answers[recovered ? 'resumed' : from === null ? 'fresh' : 'refused']++
    say({ type: 'subscribed', channel: CHANNEL, ...head, recovered })
    if (!recovered) return sendSnapshot()
    for (let sequence = head.sequence - missed + 1; sequence <= head.sequence; sequence++) {
      sendFrame(deltaAt(head.epoch, sequence), sequence)
    }
  }

  function receive(from: FakeSocket, text: string): void {
    if (from !== socket || isMute) return
    if (text === 'ping') return void line.push('pong')
    const read = readClientMessage(text)
    if (read.kind !== 'message') throw new Error(`the client sent what the server refuses: ${text}`)
    const { message } = read
    if (message.op === 'subscribe') subscribe(message.channels[0]?.from ?? null)
    else if (message.op === 'ping')
      say({ type: 'heartbeat', serverMs: 0, positions: isSubscribed ? { [CHANNEL]: head } : {} })
    else if (message.op === 'ack') {
      const taken = message.positions[CHANNEL] ?? 0
      outstanding = outstanding.filter((sequence) => sequence > taken)
      if (isBehind && outstanding.length < credit) {
        isBehind = false
        sendSnapshot()
      }
    }
  }

  return {
    newest,
    answers,
    receive,
    socket: () => socket,
    connect: (opened: FakeSocket) => {
      line = []
      isSubscribed = false
      isMute = false
      socket = opened
      if (isDown) return void setImmediate(() => opened.closed(1006))
      say(HELLO)
    },
    publish: () => {
      head = { ...head, sequence: head.sequence + 1 }
      if (!isSubscribed || isBehind) return
      if (outstanding.length >= credit) isBehind = true
      else sendFrame(deltaAt(head.epoch, head.sequence), head.sequence)
    },
    /** Whatever was on its way is lost. */
    cut: (code = 1006) => {
      const lost = socket
      socket = null
      isSubscribed = false
      line = []
      if (lost !== null && !lost.isClosed) lost.closed(code)
    },
    /** Its memory is gone: whoever is connected hears of the new epoch in the next frame. */
    restart: () => {
      head = { epoch: head.epoch + 1, sequence: 2 }
      outstanding = []
      if (isSubscribed) sendSnapshot()
    },
    /** The line goes dead without a word until the next connection. */
    mute: () => {
      isMute = true
      line = []
    },
    setDown: (down: boolean) => {
      isDown = down
    },
    nextFault: (fault: Fault) => void faults.push(fault),
    heal: () => {
      faults = []
      isDown = false
    },
    deliver: (atMost = Number.POSITIVE_INFINITY) => {
      const arriving = line.slice(0, atMost)
      line = line.slice(atMost)
      if (isMute || socket === null || socket.isClosed) return
      for (const message of damaged(arriving, faults)) socket?.message(message)
    },
  }
}

/** Each fault takes effect on the first message it can. */
function damaged<T>(messages: readonly T[], faults: Fault[]): T[] {
  const arriving: T[] = []
  for (let at = 0; at < messages.length; at++) {
    const message = messages[at] as T
    const fault = faults.shift()
    const next = messages[at + 1]
    if (fault === 'drop') continue
    if (fault === 'double') arriving.push(message)
    if (fault === 'swap' && next !== undefined) {
      arriving.push(next)
      at++
    }
    arriving.push(message)
  }
  return arriving
}
