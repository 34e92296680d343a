/** Part of a crowd of viewers, in a process of its own. Spoken to over IPC, see `CrowdOrder`. */
import type { ControlMessage, Position } from '#schemas/stream/messages'
import { decodeStreamFrame } from '#schemas/stream/decodeBinary'
import { ACK_EVERY, HEARTBEAT_MS, PING_TEXT } from '#schemas/stream/protocol'
import { openRawSocket, OPCODE, type RawSocket } from '../../rig/rawSocket.ts'
import { Follower, NOTHING, type Resume, type Word } from './follower.ts'

export type CrowdOrder =
  | {
      readonly order: 'open'
      readonly urls: readonly string[]
      readonly headers: Readonly<Record<string, string>>
      readonly sockets: number
      readonly channel: string
    }
  /** Begins to count anew. */
  | { readonly order: 'reset' }
  | { readonly order: 'collect' }
  /** Cuts everybody off at once; answered when all have gone on. */
  | { readonly order: 'herd' }
  /** From now on they come with these, whose tokens last longer. */
  | { readonly order: 'renew'; readonly urls: readonly string[] }
  /** Cuts viewers off one after the other and lets them go on, so many times. */
  | { readonly order: 'churn'; readonly times: number }
  /** Opens sockets that read nothing. */
  | { readonly order: 'stall'; readonly urls: readonly string[]; readonly sockets: number }

export interface Crowd extends Word {
  /** By whole milliseconds from publication to arrival; the last is everything later. */
  readonly delays: Uint32Array
  readonly closes: Readonly<Record<string, number>>
  /** Upgrades that did not succeed, by status or error. */
  readonly refused: Readonly<Record<string, number>>
}

const OPENING = 50
const MOST_MS = 20_000
const RETRY_MS = { min: 250, spread: 750 }
/** A viewer that gets two frames a second acknowledges by whichever comes first. */
const FRAMES_PER_ACK = Math.min(ACK_EVERY.frames, (ACK_EVERY.ms / 1_000) * 2)
const PING_SLICES = 100

interface Viewer {
  url: URL
  readonly follower: Follower
  socket: RawSocket | null
  /** Sockets before it are not heard any more. */
  life: number
  unacknowledged: number
  /** Deltas up to here are told late on purpose. */
  since: number
  wentOn: (() => void) | null
}

const word: Word = { ...NOTHING }
const viewers: Viewer[] = []
const stalled: RawSocket[] = []
let delays = new Uint32Array(MOST_MS + 1)
let closes: Record<string, number> = {}
let refused: Record<string, number> = {}
let headers: Readonly<Record<string, string>> = {}
let channel = ''
let spreadMs = 0
let slice = 0

process.on('message', (order: CrowdOrder) => {
  void obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ failed: String(error) }),
  )
})

process.on('disconnect', () => process.exit())

async function obey(order: CrowdOrder): Promise<object> {
  if (order.order === 'open') return open(order)
  if (order.order === 'herd') return herd()
  if (order.order === 'renew') return renew(order.urls)
  if (order.order === 'churn') return churn(order.times)
  if (order.order === 'stall') return stall(order)
  if (order.order === 'collect') return { ...word, delays, closes, refused } satisfies Crowd
  Object.assign(word, NOTHING)
  delays = new Uint32Array(MOST_MS + 1)
  closes = {}
  refused = {}
  return {}
}

async function open(order: CrowdOrder & { order: 'open' }): Promise<object> {
  ;({ headers, channel } = order)
  for (let i = 0; i < order.sockets; i++)
    viewers.push({
      url: new URL(order.urls[i % order.urls.length] ?? ''),
      follower: new Follower(word),
      socket: null,
      life: 0,
      unacknowledged: i % FRAMES_PER_ACK,
      since: 0,
      wentOn: null,
    })
  await inTurns(viewers, (viewer) => goOn(viewer, 'held'))
  setInterval(pingSome, HEARTBEAT_MS / PING_SLICES)
  return {}
}

function renew(urls: readonly string[]): object {
  for (const [i, viewer] of viewers.entries()) viewer.url = new URL(urls[i % urls.length] ?? '')
  return {}
}

async function herd(): Promise<object> {
  const beganMs = performance.now()
  for (const viewer of viewers) cut(viewer)
  await Promise.all(
    viewers.map(async (viewer) => {
      await pause(Math.random() * spreadMs)
      await goOn(viewer, 'held')
    }),
  )
  return { ms: performance.now() - beganMs, spreadMs }
}

async function churn(times: number): Promise<object> {
  let left = times
  const cutSome = async (own: readonly Viewer[]): Promise<void> => {
    while (left-- > 0) {
      const viewer = own[Math.floor(Math.random() * own.length)] as Viewer
      cut(viewer)
      const draw = Math.random()
      // oxlint-disable-next-line no-await-in-loop -- each viewer is cut off again only once it has gone on
      await goOn(viewer, draw < 0.1 ? 'foreign' : draw < 0.6 ? 'earlier' : 'held')
    }
  }
  const share = Math.ceil(viewers.length / OPENING)
  const shares = Array.from({ length: OPENING }, (_, i) => viewers.slice(i * share, (i + 1) * share))
  await Promise.all(shares.filter((own) => own.length > 0).map(cutSome))
  return {}
}

async function stall({ urls, sockets }: CrowdOrder & { order: 'stall' }): Promise<object> {
  await inTurns([...Array(sockets).keys()], async (i) => {
    const url = new URL(urls[i % urls.length] ?? '')
    const socket = await openRawSocket(url, headers, { message: () => undefined, closed: () => undefined })
    if (url.pathname === '/ws/v1') socket.sendText(subscribe(null))
    socket.stall()
    stalled.push(socket)
  })
  return {}
}

function cut(viewer: Viewer): void {
  viewer.life++
  viewer.socket?.close()
  viewer.socket = null
}

/** Resolves when the server has said where it goes on. Tries until it does. */
async function goOn(viewer: Viewer, kind: Resume): Promise<void> {
  const life = ++viewer.life
  const from = viewer.follower.resume(kind, Math.random())
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      viewer.socket = await openRawSocket(viewer.url, headers, {
        message: (opcode, payload) => life === viewer.life && arrived(viewer, opcode, payload),
        closed: () => life === viewer.life && lost(viewer, 1006),
      })
      break
    } catch (error) {
      const why = /[45]\d\d|E[A-Z]+/.exec(String(error))?.[0] ?? 'cut'
      refused[why] = (refused[why] ?? 0) + 1
      // oxlint-disable-next-line no-await-in-loop
      await pause(RETRY_MS.min + Math.random() * RETRY_MS.spread)
    }
  }
  const isOn = new Promise<void>((resolve) => (viewer.wentOn = resolve))
  viewer.socket.sendText(subscribe(from))
  return isOn
}

function subscribe(from: Position | null): string {
  return JSON.stringify({ op: 'subscribe', channels: [{ channel, ...from }] })
}

/** Not our doing: it goes on as a client would. */
function lost(viewer: Viewer, code: number): void {
  closes[code] = (closes[code] ?? 0) + 1
  const { wentOn } = viewer
  cut(viewer)
  void goOn(viewer, 'held').then(wentOn)
}

function arrived(viewer: Viewer, opcode: number, payload: Buffer): void {
  if (opcode === OPCODE.binary) framed(viewer, payload)
  else if (opcode === OPCODE.close) lost(viewer, payload.length < 2 ? 1005 : payload.readUInt16BE(0))
  else if (opcode === OPCODE.text && payload[0] === 0x7b)
    told(viewer, JSON.parse(payload.toString()) as ControlMessage)
}

function told(viewer: Viewer, message: ControlMessage): void {
  if (message.type === 'hello') spreadMs = message.reconnectSpreadMs
  if (message.type !== 'subscribed') return
  viewer.since = message.sequence
  viewer.follower.subscribed(message, message.recovered)
  viewer.wentOn?.()
  viewer.wentOn = null
}

function framed(viewer: Viewer, payload: Buffer): void {
  const message = decoded(payload)
  if (message.type === 'snapshot') viewer.follower.snapshot(message.frame)
  else {
    viewer.follower.delta(message, message.previous)
    if (message.sequence > viewer.since) {
      const ms = Math.round(performance.timeOrigin + performance.now() - message.publishedMs)
      const bin = Math.min(Math.max(ms, 0), MOST_MS)
      delays[bin] = (delays[bin] ?? 0) + 1
    }
  }
  if (++viewer.unacknowledged < FRAMES_PER_ACK) return
  viewer.unacknowledged = 0
  viewer.socket?.sendText(
    JSON.stringify({ op: 'ack', positions: { [channel]: viewer.follower.held?.sequence ?? 0 } }),
  )
}

let newest: { readonly bytes: Buffer; readonly message: ReturnType<typeof decodeStreamFrame> } | null = null

/** Nearly everyone gets the same bytes. */
function decoded(payload: Buffer): ReturnType<typeof decodeStreamFrame> {
  if (newest?.bytes.equals(payload) !== true) {
    const bytes = Buffer.from(payload)
    newest = { bytes, message: decodeStreamFrame(new Uint8Array(bytes)) }
  }
  return newest.message
}

/** The stalled ones do too: nothing says that who does not read does not write. */
function pingSome(): void {
  slice = (slice + 1) % PING_SLICES
  for (let i = slice; i < viewers.length; i += PING_SLICES) viewers[i]?.socket?.sendText(PING_TEXT)
  for (let i = slice; i < stalled.length; i += PING_SLICES) stalled[i]?.sendText(PING_TEXT)
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  const takeNext = async (): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop
    for (let i = next++; i < items.length; i = next++) await work(items[i] as T)
  }
  await Promise.all(Array.from({ length: OPENING }, takeNext))
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
