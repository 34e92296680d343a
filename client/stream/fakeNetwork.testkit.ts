/** A network and a clock that move only when told, for tests of streams. */
import type { SocketHandlers, StreamEnvironment } from './environment.ts'

export interface FakeSocket extends SocketHandlers {
  readonly url: string
  readonly protocol: string
  readonly sent: string[]
  isClosed: boolean
}

/** Lets every promise that can settle do so. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

export interface FakeNetworkOptions {
  readonly random?: () => number
  readonly onConnect?: (socket: FakeSocket) => void
  readonly onSend?: (socket: FakeSocket, text: string) => void
}

export function fakeNetwork({ random = () => 0.5, onConnect, onSend }: FakeNetworkOptions = {}) {
  const sockets: FakeSocket[] = []
  const timers = new Set<{ readonly run: () => void; readonly atMs: number }>()
  let nowMs = 0
  let wakeUpListener: ((kind: 'online' | 'visible') => void) | null = null
  const environment: StreamEnvironment = {
    openSocket: (url, protocol, handlers) => {
      const socket: FakeSocket = { ...handlers, url, protocol, sent: [], isClosed: false }
      sockets.push(socket)
      onConnect?.(socket)
      return {
        send: (text) => {
          socket.sent.push(text)
          onSend?.(socket, text)
        },
        close: () => {
          socket.isClosed = true
        },
      }
    },
    setTimer: (run, delayMs) => {
      const timer = { run, atMs: nowMs + delayMs }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    nowMs: () => nowMs,
    random,
    onWakeUp: (listener) => {
      wakeUpListener = listener
      return () => {
        wakeUpListener = null
      }
    },
  }

  /** Goes on, timer by timer; `between` runs after each. */
  async function advance(ms: number, between: () => void = () => {}): Promise<void> {
    const untilMs = nowMs + ms
    for (;;) {
      await settled()
      between()
      await settled()
      const [next] = [...timers].filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)
      if (next === undefined) break
      timers.delete(next)
      nowMs = Math.max(nowMs, next.atMs)
      next.run()
    }
    nowMs = untilMs
  }

  return {
    environment,
    sockets,
    advance,
    last: () => sockets.at(-1) as FakeSocket,
    wakeUp: (kind: 'online' | 'visible') => wakeUpListener?.(kind),
    isListening: () => wakeUpListener !== null,
    timers: () => timers.size,
  }
}
