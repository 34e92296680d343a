/** Viewers of one symbol that keep coming back, and what they were shown. */
import { WebSocket } from 'ws'
import * as v from 'valibot'
import type { Random } from '#bridge/feeds/synthetic/Random'
import { SUBPROTOCOL_JSON } from '#schemas/stream/protocol'

/** Back at once, but not all in the same millisecond. */
const RECONNECT_WITHIN_MS = 300

const FrameSchema = v.object({
  epoch: v.number(),
  sequence: v.number(),
  previous: v.number(),
  asOfMs: v.number(),
  netGex: v.nullable(v.number()),
})
type Frame = v.InferOutput<typeof FrameSchema>

export interface ViewerOptions {
  /** With the path, without the token. */
  readonly url: string
  readonly token: () => Promise<string>
  readonly random: Random
}

export class Viewers {
  readonly #viewers: Viewer[]
  readonly #seen = new Map<string, string>()
  /** Newest market time shown under each stream epoch. */
  readonly shownAsOfMs = new Map<number, number>()
  frames = 0
  /** Frames that do not follow the one before on the same socket. */
  gaps = 0
  duplicates = 0
  /** One position with two contents, or a position before one that was shown and not retracted by a new epoch. */
  contradictions = 0

  constructor(count: number, options: ViewerOptions) {
    this.#viewers = Array.from({ length: count }, () => {
      const viewer: Viewer = new Viewer(options, (frame, before) => this.#note(frame, before))
      return viewer
    })
  }

  get newestEpoch(): number {
    return Math.max(0, ...this.shownAsOfMs.keys())
  }

  /** Whether every viewer has been shown something since `sinceMs` (`performance.now()`). */
  allShownSince(sinceMs: number): boolean {
    return this.#viewers.every(({ shownMs }) => shownMs > sinceMs)
  }

  /** `count` of them stop reading, or all read again. */
  stall(count: number): void {
    this.#viewers.forEach((viewer, i) => viewer.stall(i < count))
  }

  close(): void {
    for (const viewer of this.#viewers) viewer.close()
  }

  #note(frame: Frame, before: Shown): void {
    const { epoch, sequence, asOfMs } = frame
    this.frames++
    this.shownAsOfMs.set(epoch, Math.max(asOfMs, this.shownAsOfMs.get(epoch) ?? 0))
    const content = `${asOfMs} ${frame.netGex}`
    const key = `${epoch}/${sequence}`
    const isContradicted = (this.#seen.get(key) ?? content) !== content
    this.#seen.set(key, content)
    const wentBack = epoch < before.epoch || (epoch === before.epoch && sequence < before.sequence)
    if (isContradicted || wentBack) this.contradictions++
    if (before.isNewSocket || epoch !== before.epoch) return
    if (sequence === before.sequence) this.duplicates++
    else if (frame.previous !== before.sequence) this.gaps++
  }
}

interface Shown {
  readonly epoch: number
  readonly sequence: number
  /** The frame is the first on its socket. */
  readonly isNewSocket: boolean
}

class Viewer {
  readonly #options: ViewerOptions
  readonly #onFrame: (frame: Frame, before: Shown) => void
  #socket: WebSocket | null = null
  #last: Shown = { epoch: 0, sequence: 0, isNewSocket: true }
  #isClosed = false
  shownMs = -Infinity

  constructor(options: ViewerOptions, onFrame: (frame: Frame, before: Shown) => void) {
    this.#options = options
    this.#onFrame = onFrame
    void this.#connect()
  }

  stall(isStalled: boolean): void {
    if (this.#socket?.readyState !== WebSocket.OPEN) return
    if (isStalled) this.#socket.pause()
    else this.#socket.resume()
  }

  close(): void {
    this.#isClosed = true
    this.#socket?.terminate()
  }

  async #connect(): Promise<void> {
    const { url, token } = this.#options
    const socket = new WebSocket(`${url}?token=${await token()}`, SUBPROTOCOL_JSON)
    this.#socket = socket
    this.#last = { ...this.#last, isNewSocket: true }
    socket.on('message', (data: Buffer) => this.#shown(data.toString()))
    socket.on('error', () => socket.terminate())
    socket.once('close', () => this.#comeBack())
    if (this.#isClosed) socket.terminate()
  }

  #comeBack(): void {
    if (this.#isClosed) return
    setTimeout(() => void this.#connect(), this.#options.random.uniform() * RECONNECT_WITHIN_MS)
  }

  #shown(text: string): void {
    const frame = v.parse(FrameSchema, JSON.parse(text))
    this.shownMs = performance.now()
    this.#onFrame(frame, this.#last)
    this.#last = { epoch: frame.epoch, sequence: frame.sequence, isNewSocket: false }
  }
}
