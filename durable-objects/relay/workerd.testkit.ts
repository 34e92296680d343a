/** Viewers on real sockets of a relay. For workerd tests. */
import { env } from 'cloudflare:workers'
import { expect, vi } from 'vitest'
import type { GammaFrame } from '#schemas/frame/gamma'
import { applyDelta } from '#schemas/stream/applyDelta'
import { gammaChannel } from '#schemas/stream/channel'
import type { ControlMessage } from '#schemas/stream/messages'
import { STREAM_SUBPROTOCOLS } from '#schemas/stream/protocol'
import { readServerMessage, type ServerMessage } from '#schemas/stream/serverMessage'
import type { Tier } from '#schemas/tiers'
import { STREAM_CALLER_HEADERS } from '../fanout/caller.ts'
import { EPOCH } from '../symbol/testkit.ts'

let relays = 0
/** A relay nobody has talked to yet, the first of a group of its own. */
export function newRelay() {
  return env.RELAY.getByName(`relay:test${++relays}:0`)
}
export type RelayStub = ReturnType<typeof newRelay>

export interface ViewerOptions {
  readonly tier?: Tier
  readonly expiresInMs?: number
  readonly encoding?: 'json' | 'binary'
  readonly path?: string
}

export function upgradeRequest(options: ViewerOptions = {}): Request {
  const { tier = 'pro', expiresInMs = 600_000, encoding = 'json', path = '/ws/v1' } = options
  const headers = {
    upgrade: 'websocket',
    'sec-websocket-protocol': STREAM_SUBPROTOCOLS[encoding],
    [STREAM_CALLER_HEADERS.subject]: 'someone',
    [STREAM_CALLER_HEADERS.tier]: tier,
    [STREAM_CALLER_HEADERS.expiresAtMs]: String(Date.now() + expiresInMs),
  }
  return new Request(`https://object${path}`, { headers })
}

/** A socket of the relay, and what came on it. */
export async function connect(relay: RelayStub, options: ViewerOptions = {}) {
  const response = await relay.fetch(upgradeRequest(options))
  const socket = response.webSocket
  if (socket === null) throw new Error(`expected a socket, was ${response.status}`)
  const raw: (string | ArrayBuffer)[] = []
  const closes: number[] = []
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', ({ data }) => void raw.push(data as string | ArrayBuffer))
  socket.addEventListener('close', ({ code }) => void closes.push(code))
  socket.accept()
  const messages = (): ServerMessage[] => raw.map(messageOf)
  const say = (message: unknown) =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message))
  return {
    response,
    socket,
    raw,
    closes,
    messages,
    say,
    subscribe: (symbol: string, from: object = {}) =>
      say({ op: 'subscribe', channels: [{ channel: gammaChannel(symbol), ...from }] }),
    ack: (symbol: string, sequence: number) =>
      say({ op: 'ack', positions: { [gammaChannel(symbol)]: sequence } }),
    /** Waits until this many messages are here, hello included, and no more. */
    has: (count: number) => vi.waitFor(() => expect(raw).toHaveLength(count)),
    /** What a message was about, in short; epochs are counted from 1. */
    story: () => messages().map(inShort),
  }
}
export type Viewer = Awaited<ReturnType<typeof connect>>

/** What a viewer of one channel holds after all that came; throws where a delta does not fit. */
export function heldBy(viewer: Viewer): GammaFrame | null {
  let held: GammaFrame | null = null
  for (const message of viewer.messages()) {
    if (message.type === 'snapshot') held = message.frame
    if (message.type !== 'delta') continue
    const applied = held && applyDelta(held, message)
    if (!applied?.ok) throw new Error(`expected a delta that fits, was ${JSON.stringify(applied)}`)
    held = applied.frame
  }
  return held
}

export function control<T extends ControlMessage['type']>(viewer: Viewer, type: T) {
  return viewer
    .messages()
    .filter((message): message is Extract<ControlMessage, { type: T }> => message.type === type)
}

function messageOf(data: string | ArrayBuffer): ServerMessage {
  const read = readServerMessage(data)
  if (read.kind !== 'message') throw new Error(`expected a message, was ${JSON.stringify(read)}`)
  return read.message
}

function inShort(message: ServerMessage): string {
  if (message.type === 'snapshot') return `snapshot ${life(message.frame)}:${message.frame.sequence}`
  if (message.type === 'delta') return `delta ${life(message)}:${message.sequence}`
  if (message.type === 'subscribed') {
    return `subscribed ${life(message)}:${message.sequence}${message.recovered ? ' recovered' : ''}`
  }
  return message.type === 'error' ? `error ${message.code}` : message.type
}

/** 0 stays 0: there is no frame yet. */
function life({ epoch }: { readonly epoch: number }): number {
  return epoch === 0 ? 0 : epoch - EPOCH + 1
}
