import { OBJECT_GB, PRICES, SESSION_SECONDS } from './prices.ts'

/** What viewers of live frames cost for a session, in USD. */
export interface FanoutDay {
  readonly relays: number
  readonly pushes: number
  readonly acknowledgements: number
  readonly duration: number
  readonly upgrades: number
  readonly total: number
  /** Share of one core a full relay spends sending. */
  readonly relayCpu: number
}

export interface FanoutShape {
  readonly viewers: number
  readonly framesPerSecond: number
  readonly socketsPerRelay: number
  /** Frames a client takes in before it says so, and the longest it waits. */
  readonly ackEveryFrames: number
  readonly ackEverySeconds: number
  /** How long a viewer stays connected, on average. */
  readonly meanVisitSeconds: number
  readonly sendMicros: number
}

export function fanoutDay(shape: FanoutShape): FanoutDay {
  const { viewers, framesPerSecond, socketsPerRelay, ackEveryFrames, ackEverySeconds } = shape
  const { objectRequest, socketMessagesPerRequest, objectGbSecond, workerRequest } = PRICES
  const relays = Math.ceil(viewers / socketsPerRelay)
  const pushes = relays * framesPerSecond * SESSION_SECONDS * objectRequest
  const secondsPerAck = Math.min(ackEverySeconds, ackEveryFrames / framesPerSecond)
  const acknowledgements =
    ((viewers * SESSION_SECONDS) / secondsPerAck / socketMessagesPerRequest) * objectRequest
  const duration = relays * SESSION_SECONDS * OBJECT_GB * objectGbSecond
  const visits = viewers * (SESSION_SECONDS / shape.meanVisitSeconds)
  const upgrades = visits * (workerRequest + objectRequest)
  return {
    relays,
    pushes,
    acknowledgements,
    duration,
    upgrades,
    total: pushes + acknowledgements + duration + upgrades,
    relayCpu: socketsPerRelay * framesPerSecond * shape.sendMicros * 1e-6,
  }
}
