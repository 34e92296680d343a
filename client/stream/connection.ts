/**
 * A socket that comes back: performs what the reconnect machine decides, with a fresh token for every attempt. It knows
 * nothing of what is said on it but the ping.
 */
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import { PING_TEXT } from '#schemas/stream/protocol'
import type { StreamEnvironment, StreamSocket } from './environment.ts'
import {
  connectionStatus,
  step,
  STOPPED,
  type ConnectionStatus,
  type ReconnectEvent,
  type ReconnectState,
} from './reconnect.ts'

/** Reported for an attempt that could not even begin or was cut without a close frame. */
const ABNORMAL_CLOSURE = 1006

export interface ConnectionOptions {
  /** Address of one attempt with its token; `renew` when the server closed the last one for its token. */
  readonly url: (renew: boolean) => Promise<string>
  readonly protocol: string
  readonly environment: StreamEnvironment
  readonly onMessage: (data: unknown) => void
  /** The socket is gone; nothing can be sent until the server greets again. */
  readonly onLost: () => void
  /** A nudge found the socket open: ask the server for a sign that it is, beyond a pong. */
  readonly onProbe: () => void
  readonly onStatus: (status: ConnectionStatus) => void
}

export interface Connection {
  readonly isOpen: () => boolean
  readonly send: (text: string) => void
  readonly dispatch: (event: ReconnectEvent) => void
}

/** Opens nothing before the event `start`. */
export function createConnection(options: ConnectionOptions): Connection {
  const { environment } = options
  let state: ReconnectState = STOPPED
  let socket: StreamSocket | null = null
  let cancelTimer: (() => void) | null = null
  let renewToken = false
  // Callbacks of an attempt that has been given up must not touch the next one.
  let attempt = 0

  function dispatch(event: ReconnectEvent): void {
    const before = state
    const transition = step(state, event, environment.nowMs(), environment.random)
    state = transition.state
    if (state.wakeAtMs !== before.wakeAtMs || event.type === 'wake') armTimer()
    for (const effect of transition.effects) {
      if (effect === 'open') open()
      else if (effect === 'close') dropSocket()
      else if (effect === 'ping') socket?.send(PING_TEXT)
      else options.onProbe()
    }
    if (before.phase === 'open' && state.phase !== 'open') options.onLost()
    if (state.phase !== before.phase || state.tries !== before.tries)
      options.onStatus(connectionStatus(state))
  }

  function armTimer(): void {
    cancelTimer?.()
    cancelTimer = null
    if (state.wakeAtMs === null) return
    const delayMs = Math.max(0, state.wakeAtMs - environment.nowMs())
    cancelTimer = environment.setTimer(() => dispatch({ type: 'wake' }), delayMs)
  }

  function open(): void {
    dropSocket()
    const mine = attempt
    const current = () => mine === attempt
    options.url(renewToken).then(
      (url) => current() && connect(url, current),
      () => current() && dispatch({ type: 'closed', code: ABNORMAL_CLOSURE }),
    )
  }

  function connect(url: string, current: () => boolean): void {
    socket = environment.openSocket(url, options.protocol, {
      message: (data) => {
        if (!current()) return
        dispatch({ type: 'heard' })
        options.onMessage(data)
      },
      closed: (code) => {
        if (!current()) return
        socket = null
        renewToken = code === CLOSE_CODES.unauthorized
        dispatch({ type: 'closed', code })
      },
    })
  }

  function dropSocket(): void {
    attempt++
    socket?.close()
    socket = null
  }

  return { dispatch, isOpen: () => state.phase === 'open', send: (text) => socket?.send(text) }
}
