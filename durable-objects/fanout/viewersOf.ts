/** Who has which channels. */
const NOBODY: ReadonlySet<never> = new Set()

export class ViewersOf<V> {
  readonly #byChannel = new Map<string, Set<V>>()

  /** That anybody has. */
  get channels(): readonly string[] {
    return [...this.#byChannel.keys()]
  }

  of(channel: string): ReadonlySet<V> {
    return this.#byChannel.get(channel) ?? NOBODY
  }

  /** Puts the viewer under each of these channels and no other. */
  set(viewer: V, channels: readonly string[]): void {
    for (const channel of channels) {
      const viewers = this.#byChannel.get(channel)
      if (viewers === undefined) this.#byChannel.set(channel, new Set([viewer]))
      else viewers.add(viewer)
    }
    for (const [channel, viewers] of this.#byChannel) {
      if (channels.includes(channel)) continue
      if (viewers.delete(viewer) && viewers.size === 0) this.#byChannel.delete(channel)
    }
  }
}
