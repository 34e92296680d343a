/**
 * A stream of some channels with what each of them goes through: dials with a fresh credential, tells which channels the
 * caller may not have when the service has closed the socket for one of them, and goes on with the rest.
 */
import type { GammaFrame } from '#schemas/frame/gamma'
import { symbolOfChannel } from '#schemas/stream/channel'
import type { ApiProblem } from '../rest/apiProblem.ts'
import { closeReason } from './closeReason.ts'
import type { StreamEnvironment } from './environment.ts'
import { openStream } from './openStream.ts'
import { stepStream, UNOPENED, type CloseReason, type StreamEvent, type StreamState } from './streamState.ts'

export interface FollowOptions {
  /** Such as `gamma.SPX`; at most 64. */
  readonly channels: readonly string[]
  /** Every frame of a channel, at the cadence of the tier, once and in order. `isCatchUp`: missed during an interruption, a newer one is on its way. */
  readonly onFrame: (frame: GammaFrame, isCatchUp: boolean) => void
  readonly onState?: (channel: string, state: StreamState) => void
  /** One frame of a channel comes in so long; 0, every frame does. Told with each connection. */
  readonly onCadence?: (frameEveryMs: number) => void
  /** Binary by default: smaller. */
  readonly encoding?: 'json' | 'binary'
}

export interface FollowSurroundings {
  readonly environment: StreamEnvironment
  /**
   * Address of one dial. `renew`: the service closed the last socket for its token. `wasRefused`: the last dial came to
   * nothing. An `ApiProblem` that will not pass ends the stream.
   */
  readonly dial: (options: { readonly renew: boolean; readonly wasRefused: boolean }) => Promise<string>
  /** Why the caller may not have the stream of this symbol; null when they may, or when it is not known. */
  readonly refusalOf: (symbol: string) => Promise<ApiProblem | null>
}

export interface Following {
  /** Null for a channel that was not asked for. */
  state(channel: string): StreamState | null
  /** Try now; after the tenth try this starts the ten again. */
  retry(): void
  close(): void
}

export function followChannels(options: FollowOptions, surroundings: FollowSurroundings): Following {
  const { environment, refusalOf } = surroundings
  const states = new Map<string, StreamState>(options.channels.map((name) => [name, UNOPENED]))
  const unsubscribe = new Map<string, () => void>()
  let wasRefused = false

  const stream = openStream({
    url: async (renew) => {
      try {
        const address = await surroundings.dial({ renew, wasRefused })
        wasRefused = true
        return address
      } catch (cause) {
        const why = closeReason(cause)
        if (why !== null) endAll(why)
        throw cause
      }
    },
    encoding: options.encoding ?? 'binary',
    environment,
    onCadence: (frameEveryMs) => options.onCadence?.(frameEveryMs),
    onStatus: (status) => {
      if (status.kind === 'connected') wasRefused = false
      for (const name of open()) step(name, { type: 'connection', status })
      if (status.kind === 'upgradeRequired') void findForbidden()
    },
  })

  const open = () => [...states].filter(([, { kind }]) => kind !== 'closed').map(([name]) => name)

  function step(name: string, event: StreamEvent): void {
    const before = states.get(name) ?? UNOPENED
    const after = stepStream(before, event, environment.nowMs())
    states.set(name, after)
    if (after !== before) options.onState?.(name, after)
  }

  function end(name: string, why: CloseReason): void {
    unsubscribe.get(name)?.()
    step(name, { type: 'end', why })
  }

  function endAll(why: CloseReason): void {
    for (const name of open()) end(name, why)
    stream.close()
  }

  /** One channel that may not be had costs all of them their socket, and nobody says which it was. */
  async function findForbidden(): Promise<void> {
    const asked = await Promise.all(
      open().map(async (name) => ({ name, why: closeReason(await refusalOf(symbolOfChannel(name) ?? '')) })),
    )
    const forbidden = asked.filter(({ why }) => why !== null)
    if (forbidden.length === 0) return endAll({ reason: 'forbidden', upgrade: null, problem: null })
    for (const { name, why } of forbidden) if (why !== null) end(name, why)
    stream.retry()
  }

  function start(): void {
    for (const name of open()) {
      const symbol = symbolOfChannel(name)
      if (symbol === null) {
        end(name, {
          reason: 'refused',
          code: 'unknown_channel',
          detail: `expected "gamma.<symbol>", was ${name}`,
        })
        continue
      }
      const stop = stream.subscribe(symbol, {
        onFrame: (frame, isCatchUp) => {
          options.onFrame(frame, isCatchUp)
          if (!isCatchUp) step(name, { type: 'current' })
        },
        onResumed: (recovered) => step(name, { type: 'resumed', recovered }),
        onCurrent: () => step(name, { type: 'current' }),
        onRefused: (code, detail) => end(name, { reason: 'refused', code, detail }),
      })
      unsubscribe.set(name, stop)
    }
  }

  // Not before the caller has the stream in hand.
  queueMicrotask(start)
  return {
    state: (channel) => states.get(channel) ?? null,
    retry: () => stream.retry(),
    close: () => endAll({ reason: 'byCaller' }),
  }
}
