import { isDeepStrictEqual } from 'node:util'
import type { GammaFrame } from '#schemas/frame/gamma'
import { EVERY_FRAME } from '#schemas/tiers'
import type { World } from '../world/World.ts'

/** Keeps the books on the stream: every frame that ever left the symbol's object, and its place. */
export class StreamLedger {
  readonly #world: World
  readonly #left = new Map<string, GammaFrame>()
  /** The highest that left, and that of the frames of this life of the object. */
  #newestEpoch = 0
  #lifeEpoch: number | null = null

  constructor(world: World) {
    this.#world = world
  }

  /** It has left the symbol's object: a frame that was made and never left is no frame. */
  left(frame: GammaFrame): void {
    const { epoch, sequence } = frame
    const place = `${epoch}/${sequence}`
    if (this.#lifeEpoch === null) {
      const isNews = epoch > this.#newestEpoch
      this.#world.check(isNews, 'a lost life is retracted by a new epoch', () => `${epoch} again`)
    }
    this.#world.check(!this.#left.has(place), 'a place in the stream is taken once', () => place)
    this.#lifeEpoch = epoch
    this.#newestEpoch = Math.max(this.#newestEpoch, epoch)
    this.#left.set(place, frame)
  }

  /** The object lost its memory. */
  newLife(): void {
    this.#lifeEpoch = null
  }

  /** Who gets one frame in so long has another predecessor of it than who gets every frame. */
  shown(viewer: string, frame: GammaFrame, everyMs: number): void {
    const place = `${frame.epoch}/${frame.sequence}`
    const left = this.#left.get(place)
    const previous = everyMs === EVERY_FRAME ? frame.previous : (left?.previous ?? 0)
    this.#world.check(
      isDeepStrictEqual(left, { ...frame, previous }),
      'what is shown is the frame of its place',
      () => {
        return `${viewer} at ${place}`
      },
    )
  }
}
