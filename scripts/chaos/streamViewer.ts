import { WebSocket } from 'ws'
import type { SocketHandlers, StreamEnvironment } from '#client/stream/environment'
import { openStream } from '#client/stream/openStream'
import { frameChecksum } from '#schemas/stream/checksum'
import type { Shown, Viewer, ViewerSetting } from './viewers.ts'

/** The product's own client on `/ws/v1`, with deltas in binary: it resumes, acknowledges and checks as in a browser. */
export function startStreamViewer(setting: ViewerSetting): Viewer {
  const { symbol, url, token, random, note, noteResume } = setting
  let socket: WebSocket | null = null
  let last: Shown | null = null
  let shownMs = -1
  /** Frames may be missing before the next one, and the viewer has been told or has itself to blame. */
  let isExcused = true
  const environment: StreamEnvironment = {
    openSocket: (address, protocol, handlers) => {
      const opened = openSocket(address, protocol, handlers)
      socket = opened
      return {
        send: (text) => void (opened.readyState === WebSocket.OPEN && opened.send(text)),
        close: () => opened.close(),
      }
    },
    setTimer: (run, delayMs) => {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
    nowMs: () => Date.now(),
    random: () => random.uniform(),
    onWakeUp: () => () => undefined,
  }
  const stream = openStream({
    url: async () => `${url}/ws/v1?token=${await token()}`,
    encoding: 'binary',
    environment,
    onStatus: () => undefined,
  })
  stream.subscribe(symbol, {
    onFrame: (frame) => {
      const { epoch, sequence, asOfMs } = frame
      const shown = {
        kind: 'stream',
        epoch,
        sequence,
        asOfMs,
        content: String(frameChecksum(frame)),
      } as const
      note(shown, last, isExcused || sequence === (last?.sequence ?? 0) + 1)
      isExcused = false
      last = shown
      shownMs = performance.now()
    },
    onResumed: (recovered) => {
      noteResume(recovered)
      isExcused ||= !recovered
    },
  })
  return {
    shownMs: () => shownMs,
    stall(isStalled) {
      isExcused = true
      if (socket?.readyState !== WebSocket.OPEN) return
      if (isStalled) socket.pause()
      else socket.resume()
    },
    cut: () => socket?.terminate(),
    close: () => stream.close(),
  }
}

function openSocket(address: string, protocol: string, handlers: SocketHandlers): WebSocket {
  const socket = new WebSocket(address, protocol)
  socket.binaryType = 'arraybuffer'
  socket.on('message', (data: ArrayBuffer | Buffer, isBinary: boolean) =>
    handlers.message(isBinary ? data : Buffer.from(data as ArrayBuffer).toString()),
  )
  socket.on('error', () => socket.terminate())
  socket.once('close', (code: number) => handlers.closed(code))
  return socket
}
