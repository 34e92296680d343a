/**
 * Events of an account on their way to its webhooks. They are stored with the charge that made them and forgotten once the
 * webhooks' object has stored them, so that dying in between loses none.
 */
import type { NamedEvent } from '#schemas/webhookEvents'

const PREFIX = 'untold:'

export interface UntoldPort {
  readonly storage: DurableObjectStorage
  tell(events: readonly NamedEvent[]): Promise<void>
  failed(error: unknown): void
}

export class Untold {
  readonly #port: UntoldPort

  constructor(port: UntoldPort) {
    this.#port = port
  }

  /** Not awaited: the output gate holds what follows until they are stored. */
  add(events: readonly NamedEvent[]): void {
    for (const event of events) void this.#port.storage.put(PREFIX + event.id, event)
  }

  /** False when some could not be told. */
  async tell(): Promise<boolean> {
    const { storage, tell, failed } = this.#port
    const untold = await storage.list<NamedEvent>({ prefix: PREFIX })
    if (untold.size === 0) return true
    try {
      await tell([...untold.values()])
      await storage.delete([...untold.keys()])
      return true
    } catch (error) {
      failed(error)
      return false
    }
  }
}
