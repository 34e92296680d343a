/**
 * Live gamma frames of any number of symbols over one socket to `/ws/v1`. Each channel's state decides what its messages
 * mean (`channelState.ts`), the connection when there is a socket (`connection.ts`); here they are put together.
 */
import type { GammaFrame } from '#schemas/frame/gamma'
import { gammaChannel, symbolOfChannel } from '#schemas/stream/channel'
import type { GammaDelta } from '#schemas/stream/delta'
import type { Hello, Position } from '#schemas/stream/messages'
import { STREAM_SUBPROTOCOLS } from '#schemas/stream/protocol'
import type { GammaSnapshot } from '#schemas/stream/snapshot'
import { readServerMessage, type ServerMessage } from '#schemas/stream/serverMessage'
import { createAcknowledger } from './acknowledger.ts'
import {
  NOTHING_HELD,
  stepChannel,
  type ChannelCounts,
  type ChannelEffect,
  type ChannelEvent,
  type ChannelState,
} from './channelState.ts'
import { createConnection } from './connection.ts'
import type { StreamEnvironment } from './environment.ts'
import type { ConnectionStatus } from './reconnect.ts'

/** So many detailed subscriptions fit one message of 4 KB, whatever the symbols are called. */
const CHANNELS_PER_MESSAGE = 32
/** A subscribe that stays unanswered this long will not be answered. */
const ANSWER_WITHIN_MS = 10_000

export interface StreamHandlers {
  /**
   * Every frame of the caller's cadence once, in order. `isCatchUp`: it was missed during an interruption and a newer one is on its way; it
   * belongs into a history, and a picture may skip it.
   */
  readonly onFrame: (frame: GammaFrame, isCatchUp: boolean) => void
  /** After an interruption: `recovered`, the frames missed follow; otherwise nobody will know them. */
  readonly onResumed?: (recovered: boolean) => void
  /** After an interruption in which nothing was missed: the frame shown last is the newest. */
  readonly onCurrent?: () => void
  readonly onRefused?: (code: string, detail: string) => void
}

export interface StreamOptions {
  /** Address of one attempt with its token; `renew` when the server closed the last one for its token. */
  readonly url: (renew: boolean) => Promise<string>
  readonly encoding: 'json' | 'binary'
  readonly environment: StreamEnvironment
  readonly onStatus: (status: ConnectionStatus) => void
  /** With every greeting: one frame comes in so long; 0, every frame does. */
  readonly onCadence?: (frameEveryMs: number) => void
}

export interface StreamCounts {
  /** Messages that were no valid messages, and why the last was not. */
  readonly bad: number
  readonly lastBadReason: string | null
}

export interface Stream {
  /** Returns the end of it. A symbol has one subscriber: the next takes the place of the one before. */
  subscribe(symbol: string, handlers: StreamHandlers): () => void
  /** Null for a symbol that is not subscribed. */
  channelCounts(symbol: string): ChannelCounts | null
  readonly counts: StreamCounts
  /** Try now; after the error state this starts the ten tries again. */
  retry(): void
  close(): void
}

interface Channel {
  state: ChannelState
  readonly handlers: StreamHandlers
}

/** There is a socket while there is a subscription. */
export function openStream(options: StreamOptions): Stream {
  const { environment } = options
  const channels = new Map<string, Channel>()
  const counts = { bad: 0, lastBadReason: null as string | null }
  /** Subscribes of this turn, to be sent together: control messages are limited. */
  let asking = new Map<string, Position | null>()
  let cancelAnswerTimer: (() => void) | null = null

  const connection = createConnection({
    url: options.url,
    protocol: STREAM_SUBPROTOCOLS[options.encoding],
    environment,
    onMessage: receive,
    onLost: () => {
      asking.clear()
      acknowledger.reset()
      cancelAnswerTimer?.()
    },
    onProbe: () => send({ op: 'ping' }),
    onStatus: options.onStatus,
  })
  const acknowledger = createAcknowledger(environment.setTimer, (positions) => send({ op: 'ack', positions }))

  function send(message: object): void {
    if (connection.isOpen()) connection.send(JSON.stringify(message))
  }

  function receive(data: unknown): void {
    const read = readServerMessage(data)
    if (read.kind === 'bad') bad(read.detail)
    else if (read.kind === 'message') handle(read.message)
  }

  function bad(reason: string): void {
    counts.bad++
    counts.lastBadReason = reason
  }

  function handle(message: ServerMessage): void {
    switch (message.type) {
      case 'hello':
        return greet(message)
      case 'reconnect':
        return connection.dispatch({ type: 'sentAway', delayMs: message.delayMs })
      case 'heartbeat':
        for (const [channel, position] of Object.entries(message.positions)) {
          dispatch(channel, { type: 'position', position })
        }
        return
      case 'snapshot':
      case 'delta':
        return takeFrame(message)
      case 'error':
        if (message.channel === undefined) return bad(`${message.code}: ${message.detail}`)
        return dispatch(message.channel, message)
      case 'subscribed':
      case 'unsubscribed':
        return dispatch(message.channel, message)
    }
  }

  function takeFrame(message: GammaSnapshot | GammaDelta): void {
    const { channel } = message
    acknowledger.received(channel, message.type === 'snapshot' ? message.frame.sequence : message.sequence)
    if (message.type === 'snapshot' && symbolOfChannel(channel) !== message.frame.symbol) {
      return bad(`expected a frame of ${channel}, was ${message.frame.symbol}`)
    }
    dispatch(channel, message)
  }

  function greet({ heartbeatMs, reconnectSpreadMs, ackEvery, frameEveryMs }: Hello): void {
    if (connection.isOpen()) return
    acknowledger.setEvery(ackEvery)
    options.onCadence?.(frameEveryMs)
    connection.dispatch({ type: 'opened', heartbeatMs, spreadMs: reconnectSpreadMs })
    for (const channel of channels.keys()) dispatch(channel, { type: 'connected' })
  }

  function dispatch(name: string, event: ChannelEvent): void {
    const channel = channels.get(name)
    if (channel === undefined) return
    const { state, effects } = stepChannel(channel.state, event)
    channel.state = state
    for (const effect of effects) perform(name, channel.handlers, effect)
  }

  function perform(channel: string, handlers: StreamHandlers, effect: ChannelEffect): void {
    switch (effect.kind) {
      case 'frame':
        return handlers.onFrame(effect.frame, effect.isCatchUp)
      case 'resumed':
        return handlers.onResumed?.(effect.recovered)
      case 'current':
        return handlers.onCurrent?.()
      case 'refused':
        return handlers.onRefused?.(effect.code, effect.detail)
      case 'reconnect':
        return connection.dispatch({ type: 'broken' })
      case 'subscribe':
        if (asking.size === 0) void Promise.resolve().then(sendAsked)
        asking.set(channel, effect.from)
    }
  }

  function sendAsked(): void {
    const wanted = [...asking].map(([channel, from]) => ({ channel, ...from }))
    asking = new Map()
    if (wanted.length === 0) return
    acknowledger.flush()
    for (let at = 0; at < wanted.length; at += CHANNELS_PER_MESSAGE) {
      send({ op: 'subscribe', channels: wanted.slice(at, at + CHANNELS_PER_MESSAGE) })
    }
    cancelAnswerTimer?.()
    cancelAnswerTimer = environment.setTimer(() => {
      const isIgnored = [...channels.values()].some(({ state }) => state.phase === 'asking')
      if (isIgnored) connection.dispatch({ type: 'broken' })
    }, ANSWER_WITHIN_MS)
  }

  function unsubscribe(name: string): void {
    channels.delete(name)
    asking.delete(name)
    if (channels.size === 0) connection.dispatch({ type: 'stop' })
    else send({ op: 'unsubscribe', channels: [name] })
  }

  const ignoreWakeUps = environment.onWakeUp((kind) => connection.dispatch({ type: kind }))
  return {
    counts,
    channelCounts: (symbol) => channels.get(gammaChannel(symbol))?.state.counts ?? null,
    subscribe: (symbol, handlers) => {
      const name = gammaChannel(symbol)
      const channel: Channel = { state: NOTHING_HELD, handlers }
      channels.set(name, channel)
      if (connection.isOpen()) dispatch(name, { type: 'connected' })
      else connection.dispatch({ type: 'start' })
      return () => {
        if (channels.get(name) === channel) unsubscribe(name)
      }
    },
    retry: () => connection.dispatch({ type: 'retry' }),
    close: () => {
      ignoreWakeUps()
      channels.clear()
      connection.dispatch({ type: 'stop' })
    },
  }
}
