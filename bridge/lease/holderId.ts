import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * By which name a bridge asks for the lease. It lies with the journal, so that a bridge that was killed and started
 * again gets its own lease back without waiting for it to end.
 */
export interface HolderId {
  readonly current: string
  /**
   * Takes another name. Due whenever the lease was lost: if two bridges ran on copies of one journal, under one name
   * they would take the lease from each other for ever.
   */
  redraw(): void
}

const FILE = 'holder'

export function openHolderId(directory: string): HolderId {
  const path = join(directory, FILE)
  let current = read(path) ?? draw(path)
  return {
    get current() {
      return current
    },
    redraw() {
      current = draw(path)
    },
  }
}

function read(path: string): string | null {
  try {
    const text = readFileSync(path, 'utf8')
    return /^[\w-]{8,64}$/.test(text) ? text : null
  } catch {
    return null
  }
}

/** A name that cannot be kept still serves this life; the next one waits for the lease to end. */
function draw(path: string): string {
  const id = randomUUID()
  try {
    writeFileSync(path, id)
  } catch {
    // A full disk must not end a standby.
  }
  return id
}
