import { WebSocket } from 'ws'
import * as v from 'valibot'
import { HEARTBEAT_MS, PING_TEXT, PONG_TEXT, readingPing, SUBPROTOCOL_JSON } from '#schemas/stream/protocol'
import type { Shown, Viewer, ViewerSetting } from './viewers.ts'

/** Back at once, but not all in the same millisecond. */
const RECONNECT_WITHIN_MS = 300

const FrameSchema = v.object({
  epoch: v.number(),
  sequence: v.number(),
  previous: v.number(),
  asOfMs: v.number(),
  netGex: v.nullable(v.number()),
})

/** Reads `/ws/gamma-compact`, which sends whole frames and knows no resuming. */
export function startCompactViewer({ symbol, url, token, random, note }: ViewerSetting): Viewer {
  let socket: WebSocket | null = null
  let isClosed = false
  let last: Shown | null = null
  let shownMs = -1

  async function connect(): Promise<void> {
    const address = `${url}/ws/gamma-compact/${symbol}?token=${await token()}`
    const opened = new WebSocket(address, SUBPROTOCOL_JSON)
    let isFirst = true
    socket = opened
    opened.on('message', (data: Buffer) => {
      const text = data.toString()
      if (text === PONG_TEXT) return
      const frame = v.parse(FrameSchema, JSON.parse(text))
      const { epoch, sequence, previous, asOfMs, netGex } = frame
      const shown = { kind: 'compact', epoch, sequence, asOfMs, content: `${asOfMs} ${netGex}` } as const
      // The first on a socket is whatever is newest.
      note(shown, last, isFirst || previous === last?.sequence)
      isFirst = false
      last = shown
      shownMs = performance.now()
    })
    opened.on('error', () => opened.terminate())
    opened.once('close', comeBack)
    if (isClosed) opened.terminate()
  }

  function comeBack(): void {
    if (!isClosed) setTimeout(() => void connect(), random.uniform() * RECONNECT_WITHIN_MS)
  }

  // A socket that never pings is closed, and so is one that does not say what it has read.
  const pinging = setInterval(() => {
    const ping = last === null ? PING_TEXT : readingPing(last.sequence)
    if (socket?.readyState === WebSocket.OPEN) socket.send(ping)
  }, HEARTBEAT_MS)
  void connect()
  return {
    shownMs: () => shownMs,
    stall(isStalled) {
      if (socket?.readyState !== WebSocket.OPEN) return
      if (isStalled) socket.pause()
      else socket.resume()
    },
    cut: () => socket?.terminate(),
    close() {
      clearInterval(pinging)
      isClosed = true
      socket?.terminate()
    },
  }
}
