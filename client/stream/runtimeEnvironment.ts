/** What is around a stream: a browser, Node, or a worker. Everything that touches their globals is here. */
import type { Transport } from '../rest/request.ts'
import type { SocketHandlers, StreamEnvironment, StreamSocket } from './environment.ts'

/** Of a connection that could not be had, as browsers report it. */
const ABNORMAL_CLOSURE = 1006

export interface RuntimeOptions {
  /** With which workers open sockets, so that a binding to a service will do. */
  readonly fetch: Transport['fetch']
  /** Sent with every handshake. Browsers cannot. */
  readonly headers?: Readonly<Record<string, string>>
}

/** What browsers have and the others may not. */
interface Surroundings {
  readonly navigator?: { readonly userAgent?: string }
  readonly document?: EventTarget & { readonly visibilityState: string }
  readonly addEventListener?: EventTarget['addEventListener']
  readonly removeEventListener?: EventTarget['removeEventListener']
}
const surroundings = globalThis as Surroundings
const isWorker = surroundings.navigator?.userAgent === 'Cloudflare-Workers'
export const canSendHeaders = surroundings.document === undefined

export function runtimeEnvironment({ fetch, headers = {} }: RuntimeOptions): StreamEnvironment {
  return {
    openSocket: (url, protocol, handlers) => {
      if (isWorker) return openByFetch(fetch, url, { ...headers, [PROTOCOL]: protocol }, handlers)
      try {
        return listenTo(dial(url, protocol, headers), handlers)
      } catch {
        // An address the runtime refuses to dial is a try that failed.
        queueMicrotask(() => handlers.closed(ABNORMAL_CLOSURE))
        return NO_SOCKET
      }
    },
    setTimer: (run, delayMs) => {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
    nowMs: () => Date.now(),
    random: () => Math.random(),
    onWakeUp,
  }
}

const PROTOCOL = 'sec-websocket-protocol'
const NO_SOCKET: StreamSocket = { send: () => {}, close: () => {} }

/** As Node has it: the standard's second argument has no headers. */
type DialWithHeaders = new (
  url: string,
  options: { readonly protocols: readonly string[]; readonly headers: Readonly<Record<string, string>> },
) => WebSocket

function dial(url: string, protocol: string, headers: Readonly<Record<string, string>>): WebSocket {
  if (Object.keys(headers).length === 0) return new WebSocket(url, protocol)
  return new (WebSocket as unknown as DialWithHeaders)(url, { protocols: [protocol], headers })
}

function listenTo(socket: WebSocket, handlers: SocketHandlers): StreamSocket {
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', (event) => handlers.message(event.data))
  socket.addEventListener('close', (event) => handlers.closed(event.code))
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text)
    },
    close: () => socket.close(),
  }
}

/** A worker's way: an upgrade that is answered with the socket, through any binding. */
type UpgradedResponse = Response & { readonly webSocket?: (WebSocket & { accept(): void }) | null }

function openByFetch(
  fetch: Transport['fetch'],
  url: string,
  headers: Readonly<Record<string, string>>,
  handlers: SocketHandlers,
): StreamSocket {
  let socket = NO_SOCKET
  let isClosed = false
  const upgraded = fetch(url.replace(/^ws/, 'http'), { headers: { ...headers, upgrade: 'websocket' } })
  upgraded.then(
    ({ webSocket }: UpgradedResponse) => {
      if (!webSocket) return handlers.closed(ABNORMAL_CLOSURE)
      socket = listenTo(webSocket, handlers)
      webSocket.accept()
      if (isClosed) socket.close()
    },
    () => handlers.closed(ABNORMAL_CLOSURE),
  )
  return {
    send: (text) => socket.send(text),
    close: () => {
      isClosed = true
      socket.close()
    },
  }
}

function onWakeUp(listener: (kind: 'online' | 'visible') => void): () => void {
  const { document } = surroundings
  if (document === undefined) return () => {}
  const online = () => listener('online')
  const visible = () => {
    if (document.visibilityState === 'visible') listener('visible')
  }
  surroundings.addEventListener?.('online', online)
  document.addEventListener('visibilitychange', visible)
  return () => {
    surroundings.removeEventListener?.('online', online)
    document.removeEventListener('visibilitychange', visible)
  }
}
