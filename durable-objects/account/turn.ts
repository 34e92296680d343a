/**
 * Lets calls that come together be decided in one turn of the object. What a turn writes is stored with one commit, which costs
 * several times what deciding a call does; every answer still waits for it, as the object lets nothing out before.
 */
export class Turn {
  #begun: Promise<void> | null = null

  /** Resolves, for all who ask before it does, in the same turn: what they do then until they wait again is one commit. */
  wait(): Promise<void> {
    return (this.#begun ??= this.#begin())
  }

  async #begin(): Promise<void> {
    await scheduler.wait(0)
    this.#begun = null
  }
}
