/**
 * Live gamma frames of one symbol: performs what the reconnect machine decides, with a fresh token for every attempt.
 * Frames that are not newer than the last one delivered are dropped; frames that do not validate are counted.
 */
import type { GammaFrame } from '#schemas/frame/gamma'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import { PING_TEXT, SUBPROTOCOL_BINARY, SUBPROTOCOL_JSON } from '#schemas/stream/protocol'
import { decodeMessage } from './decodeMessage.ts'
import type { StreamEnvironment, StreamSocket } from './environment.ts'
import { isNewer } from './framePosition.ts'
import {
  connectionStatus,
  RECONNECT,
  step,
  STOPPED,
  type ConnectionStatus,
  type ReconnectEvent,
  type ReconnectState,
} from './reconnect.ts'

/** Reported for an attempt that could not even begin or was cut without a close frame. */
const ABNORMAL_CLOSURE = 1006

export interface GammaStreamOptions {
  /** Address of one attempt with its token; `renew` when the server closed the last one for its token. */
  readonly url: (renew: boolean) => Promise<string>
  readonly encoding: 'json' | 'binary'
  readonly environment: StreamEnvironment
  /**
   * Asked after a refused handshake, because browsers do not show why it was refused: does this caller's tier
   * forbid the stream?
   */
  readonly needsUpgrade: () => Promise<boolean>
  readonly onFrame: (frame: GammaFrame) => void
  readonly onStatus: (status: ConnectionStatus) => void
}

export interface StreamCounts {
  frames: number
  /** Not newer than one already delivered. */
  superseded: number
  /** Not valid frames. */
  bad: number
  lastBadReason: string | null
}

export interface GammaStream {
  /** Try now; after the error state this starts the ten tries again. */
  retry(): void
  close(): void
  readonly counts: Readonly<StreamCounts>
}

export function openGammaStream(options: GammaStreamOptions): GammaStream {
  const { environment } = options
  const counts: StreamCounts = { frames: 0, superseded: 0, bad: 0, lastBadReason: null }
  let state: ReconnectState = STOPPED
  let held: GammaFrame | null = null
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
      else socket?.send(PING_TEXT)
    }
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
    const protocol = options.encoding === 'binary' ? SUBPROTOCOL_BINARY : SUBPROTOCOL_JSON
    socket = environment.openSocket(url, protocol, {
      opened: () => current() && dispatch({ type: 'opened', ...RECONNECT }),
      message: (data) => current() && receive(data),
      closed: (code) => {
        if (!current()) return
        socket = null
        const refused = state.phase === 'opening'
        renewToken = code === CLOSE_CODES.unauthorized
        dispatch({ type: 'closed', code })
        if (refused) askWhyRefused(current)
      },
    })
  }

  function askWhyRefused(current: () => boolean): void {
    options.needsUpgrade().then(
      (needed) => needed && current() && dispatch({ type: 'upgradeRequired' }),
      () => {}, // Not knowing is the ordinary case of a server that is down: the retries go on.
    )
  }

  function receive(data: unknown): void {
    dispatch({ type: 'heard' })
    const message = decodeMessage(data)
    if (message.kind === 'pong') return
    if (message.kind === 'bad') {
      counts.bad++
      counts.lastBadReason = message.reason
    } else if (isNewer(message.frame, held)) {
      counts.frames++
      held = message.frame
      options.onFrame(message.frame)
    } else counts.superseded++
  }

  function dropSocket(): void {
    attempt++
    socket?.close()
    socket = null
  }

  const ignoreWakeUps = environment.onWakeUp((kind) => dispatch({ type: kind }))
  dispatch({ type: 'start' })
  return {
    counts,
    retry: () => dispatch({ type: 'retry' }),
    close: () => {
      ignoreWakeUps()
      dispatch({ type: 'stop' })
      dropSocket()
    },
  }
}
