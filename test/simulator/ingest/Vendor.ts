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
  /** By whoever dialled after it, or by the bridge itself. */
  isEvicted: boolean
  /** By the vendor, with an error or without a word. */
  hungUp: 'no' | 'error' | 'silently'
}

/** A vendor that allows one connection per key: whoever dials ends the connection before (reliability page, 0.7). */
export class Vendor {
  readonly #world: World
  readonly #market: Market
  readonly #tickEveryMs: number
  #connection: Connection | null = null
  #dials = 0
  #refused: Process | null = null
  #isAtRest = false

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
    return {
      symbol: SYMBOL,
      source: SOURCE,
      // So that viewers of every tier may see it.
      feedKind: 'synthetic',
      identity: SOURCE,
      pausable: false,
      isEndless: true,
      steps,
    }
  }

  /** Ends the connection there is. */
  hangUp(): void {
    const connection = this.#connection
    if (connection === null) return
    connection.hungUp = this.#world.pick(['error', 'silently'])
    this.#tell(connection)
  }

  /** Ends every connection of this one, and those it will dial, until `refuse(null)`. */
  refuse(dialler: Process | null): void {
    this.#refused = dialler
    if (this.#connection?.dialler === dialler) this.hangUp()
  }

  /** Nothing is traded any more. */
  rest(): void {
    this.#world.say('vendor', 'rests')
    this.#isAtRest = true
  }

  #dial(dialler: Process): Connection {
    if (this.#connection !== null) this.#evict(this.#connection)
    const firstId = 1 + 100 * this.#dials++
    const snapshot = { ticks: this.#market.snapshot(firstId), cursor: null }
    const { life } = dialler
    const connection: Connection = {
      dialler,
      life,
      firstId,
      steps: [snapshot],
      wake: () => {},
      isEvicted: false,
      hungUp: dialler === this.#refused ? 'error' : 'no',
    }
    this.#connection = connection
    this.#tickLater(connection)
    return connection
  }

  #evict(connection: Connection): void {
    const { dialler, life, isEvicted, hungUp } = connection
    const isLive = dialler.life === life && !isEvicted && hungUp === 'no'
    if (isLive) this.#world.say('vendor', `evicts ${dialler.name}`)
    connection.isEvicted = true
    this.#tell(connection)
  }

  #tell(connection: Connection): void {
    const { dialler, life } = connection
    if (dialler.life === life) dialler.after(1, () => connection.wake())
  }

  #tickLater(connection: Connection): void {
    const { dialler } = connection
    this.#world.after(this.#world.between(1, 2 * this.#tickEveryMs), () => {
      const isOver = connection.isEvicted || connection.hungUp !== 'no'
      if (isOver || this.#isAtRest || dialler.life !== connection.life) return
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
      if (connection.hungUp === 'silently') return
      if (connection.hungUp === 'error') throw new Error('the vendor has hung up')
      const { promise, resolve } = Promise.withResolvers<void>()
      connection.wake = resolve
      await promise
    }
  }
}
