import type { Health } from '#schemas/rest/models'
import { CLOSE_CODES, CLOSE_TABLE, type CloseName } from '#schemas/stream/closeCodes'
import { PING_TEXT, PONG_TEXT, STREAM_LIMITS } from '#schemas/stream/protocol'

const CHECK_EVERY_MS = 5_000

/**
 * Tells an accepted socket how things stand, at once and again when it is something else, until its token ends: by itself, or
 * because `isRevoked` says so.
 */
export function tellStatus(
  socket: WebSocket,
  read: () => Promise<Health>,
  expiresAtMs: number,
  isRevoked: () => Promise<boolean>,
): void {
  let told = ''
  let timer: ReturnType<typeof setTimeout> | null = null
  let badMessages = 0
  const stop = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }
  const close = (name: CloseName) => {
    stop()
    socket.close(CLOSE_CODES[name], CLOSE_TABLE[name].meaning)
  }
  const check = async () => {
    const [health, isEnded] = await Promise.all([read(), isRevoked()])
    if (socket.readyState !== WebSocket.OPEN) return
    if (isEnded || Date.now() >= expiresAtMs) return close('unauthorized')
    const state = stateOf(health)
    if (state !== told) socket.send(JSON.stringify({ type: 'status', data: health }))
    told = state
    timer = setTimeout(() => void check(), CHECK_EVERY_MS)
  }
  socket.addEventListener('message', ({ data }) => {
    if (data === PING_TEXT) socket.send(PONG_TEXT)
    else if (++badMessages >= STREAM_LIMITS.badMessages) close('badMessage')
  })
  socket.addEventListener('close', stop)
  void check()
}

/** What makes a status another one: not the time, and not when each symbol was last heard. */
function stateOf({ time: _time, symbols, ...rest }: Health): string {
  return JSON.stringify([rest, symbols.map(({ symbol, feed, freshness }) => [symbol, feed, freshness])])
}
