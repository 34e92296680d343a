import type { Feed, FeedStep } from '#bridge/feeds/feed'
import type { Process } from '../world/Process.ts'
import type { World } from '../world/World.ts'
import { Market, SOURCE, SYMBOL } from './market.ts'

interface Connection {
  readonly dialler: Process
  readonly life: number
  readonly firstId: number
  readonly steps: FeedStep[]
  /** Tells the feed that there are steps, or that there will be no more. */
  wake: () => void
  isEvicted: boolean
}

/** A vendor that allows one connection per key: whoever dials ends the connection before (reliability page, 0.7). */
export class Vendor {
  readonly #world: World
  readonly #market: Market
  readonly #tickEveryMs: number
  #connection: Connection | null = null
  #dials = 0

  constructor(world: World, tickEveryMs: number) {
    this.#world = world
    this.#market = new Market(world)
    this.#tickEveryMs = tickEveryMs
  }

  /** `onDial` is called whenever the bridge dials. */
  feedOf(dialler: Process, onDial: () => void): Feed {
    const steps = (_: number | null, signal: AbortSignal) => {
      onDial()
      return this.#run(this.#dial(dialler), signal)
    }
    return { symbol: SYMBOL, source: SOURCE, feedKind: 'live', identity: SOURCE, pausable: false, steps }
  }

  #dial(dialler: Process): Connection {
    if (this.#connection !== null) this.#evict(this.#connection)
    const firstId = 1 + 100 * this.#dials++
    const snapshot = { ticks: this.#market.snapshot(firstId), cursor: null }
    const { life } = dialler
    const connection = { dialler, life, firstId, steps: [snapshot], wake: () => {}, isEvicted: false }
    this.#connection = connection
    this.#tickLater(connection)
    return connection
  }

  #evict(connection: Connection): void {
    connection.isEvicted = true
    const { dialler, life } = connection
    if (dialler.life === life) dialler.after(1, () => connection.wake())
  }

  #tickLater(connection: Connection): void {
    const { dialler } = connection
    this.#world.after(this.#world.between(1, 2 * this.#tickEveryMs), () => {
      if (connection.isEvicted || dialler.life !== connection.life) return
      const ticks = this.#market.advance(connection.firstId)
      dialler.after(1, () => {
        connection.steps.push({ ticks, cursor: null })
        connection.wake()
      })
      this.#tickLater(connection)
    })
  }

  async *#run(connection: Connection, signal: AbortSignal): AsyncGenerator<FeedStep> {
    signal.addEventListener('abort', () => {
      connection.isEvicted = true
      connection.wake()
    })
    while (!signal.aborted) {
      yield* connection.steps.splice(0)
      if (signal.aborted) return
      if (connection.isEvicted) throw new Error('another connection was opened with this key')
      const { promise, resolve } = Promise.withResolvers<void>()
      connection.wake = resolve
      await promise
    }
  }
}
