/** The browser behind a stream. Everything that touches `window` or `WebSocket` is here. */
import type { StreamEnvironment } from './environment.ts'

export function browserEnvironment(): StreamEnvironment {
  return {
    openSocket: (url, protocol, handlers) => {
      const socket = new WebSocket(url, protocol)
      socket.binaryType = 'arraybuffer'
      socket.addEventListener('message', (event) => handlers.message(event.data))
      socket.addEventListener('close', (event) => handlers.closed(event.code))
      return {
        send: (text) => {
          if (socket.readyState === WebSocket.OPEN) socket.send(text)
        },
        close: () => socket.close(),
      }
    },
    setTimer: (run, delayMs) => {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
    nowMs: () => Date.now(),
    random: () => Math.random(),
    onWakeUp: (listener) => {
      const online = () => listener('online')
      const visible = () => {
        if (document.visibilityState === 'visible') listener('visible')
      }
      window.addEventListener('online', online)
      document.addEventListener('visibilitychange', visible)
      return () => {
        window.removeEventListener('online', online)
        document.removeEventListener('visibilitychange', visible)
      }
    },
  }
}
