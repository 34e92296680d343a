/** Subscribers in a process of their own. Spoken to over IPC, see `SwarmOrder`. */
import { decodeGammaFrame } from '#schemas/frame/codec'
import { decodeStreamFrame } from '#schemas/stream/decodeBinary'
import { ACK_EVERY } from '#schemas/stream/protocol'
import { openRawSocket, OPCODE, type RawSocket } from '../../rig/rawSocket.ts'

export type Dialect =
  /** Anything that sends one message per update. */
  | 'plain'
  /** A socket.io client has to say that it wants the default namespace. */
  | 'socketIo'
  /** Our binary frames, which say when they were published. */
  | 'gammaCompact'
  /** Our `/ws/v1`: has to subscribe and to acknowledge. */
  | 'stream'

export type SwarmOrder =
  | {
      readonly order: 'open'
      readonly url: string
      readonly headers: Readonly<Record<string, string>>
      readonly sockets: number
      readonly dialect: Dialect
    }
  /** Counts from the next update on; answered once nothing has arrived for a while. */
  | { readonly order: 'arm' }
  | { readonly order: 'collect' }

export interface Arrivals {
  /** By update: when each socket had it, `performance.timeOrigin + performance.now()`. */
  readonly atMs: readonly Float64Array[]
  /** By update: when it says it was published; null for peers, whose publisher is asked instead. */
  readonly publishedMs: readonly (number | null)[]
  readonly closed: number
}

const OPENING = 50
const CALM_MS = 100
/** Greetings and answers are shorter than any update. */
const MIN_UPDATE_BYTES = 64
/** What a client does that has got two frames a second: whichever comes first. */
const FRAMES_PER_ACK = Math.min(ACK_EVERY.frames, (ACK_EVERY.ms / 1_000) * 2)
const CHANNEL = 'gamma.SPX'

let dialect: Dialect = 'plain'
let updates: number[][] = []
let published: (number | null)[] = []
let counts = new Uint32Array(0)
let newest = 0
let lastMs = 0
let closed = 0
const sockets: RawSocket[] = []

process.on('message', (order: SwarmOrder) => {
  if (order.order === 'open') void open(order)
  else if (order.order === 'arm') void arm()
  else collect()
})

async function open({
  url,
  headers,
  sockets: count,
  dialect: spoken,
}: SwarmOrder & { order: 'open' }): Promise<void> {
  dialect = spoken
  counts = new Uint32Array(count)
  let next = 0
  const openNext = async (): Promise<void> => {
    for (let i = next++; i < count; i = next++) await openOne(new URL(url), headers, i)
  }
  await Promise.all(Array.from({ length: OPENING }, openNext)).then(
    () => process.send?.({ opened: true }),
    (error: unknown) => process.send?.({ opened: false, why: String(error) }),
  )
}

async function openOne(url: URL, headers: Readonly<Record<string, string>>, i: number): Promise<void> {
  const socket = await openRawSocket(url, headers, {
    message: (opcode, payload) => arrived(i, opcode, payload),
    closed: () => closed++,
  })
  sockets[i] = socket
  if (dialect === 'socketIo') socket.sendText('40')
  if (dialect === 'stream') socket.sendText(`{"op":"subscribe","channels":["${CHANNEL}"]}`)
}

function arrived(i: number, opcode: number, payload: Buffer): void {
  if (opcode > OPCODE.binary || payload.length < MIN_UPDATE_BYTES) return
  if (dialect === 'stream' && opcode !== OPCODE.binary) return
  lastMs = performance.timeOrigin + performance.now()
  const update = counts[i] as number
  counts[i] = update + 1
  ;(updates[update] ??= []).push(lastMs)
  if (i === 0) published[update] = readPublished(payload)
  if (dialect === 'stream' && update % FRAMES_PER_ACK === i % FRAMES_PER_ACK)
    sockets[i]?.sendText(`{"op":"ack","positions":{"${CHANNEL}":${newest}}}`)
}

/** One socket reads; to the others the same bytes are the same. */
function readPublished(payload: Buffer): number | null {
  if (dialect === 'gammaCompact') return decodeGammaFrame(new Uint8Array(payload)).publishedMs
  if (dialect !== 'stream') return null
  const message = decodeStreamFrame(new Uint8Array(payload))
  const { sequence, publishedMs } = message.type === 'snapshot' ? message.frame : message
  newest = sequence
  return publishedMs
}

/** Once every socket has had its first, in the calm between two updates, so that all begin with the same one. */
async function arm(): Promise<void> {
  do await new Promise((resolve) => setTimeout(resolve, 10))
  while (counts.includes(0) || performance.timeOrigin + performance.now() - lastMs < CALM_MS)
  counts.fill(0)
  updates = []
  published = []
  process.send?.({ armed: true })
}

function collect(): void {
  const arrivals: Arrivals = {
    atMs: updates.map((at) => Float64Array.from(at)),
    publishedMs: published,
    closed,
  }
  process.send?.({ arrivals })
}
