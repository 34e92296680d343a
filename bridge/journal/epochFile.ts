import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'

/** What outlives the segments: the newest epoch and where the feed stood when it began. */
export interface EpochState {
  readonly epoch: number
  readonly feedIdentity: string
  readonly cursor: number | null
}

const EpochSchema = v.object({
  epoch: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  feedIdentity: v.string(),
  cursor: v.nullable(v.pipe(v.number(), v.safeInteger())),
})

const FILE = 'epoch.json'

/** Null when there is none yet. Throws on a file that is not ours: guessing an epoch could repeat one. */
export function readEpochState(directory: string): EpochState | null {
  const path = join(directory, FILE)
  if (!existsSync(path)) return null
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), EpochSchema), readFileSync(path, 'utf8'))
  if (!parsed.success)
    throw new Error(`${path}: expected {epoch, feedIdentity, cursor}; ${parsed.issues[0].message}`)
  return parsed.output
}

/** Replaces the file in one step, on disk before it returns. */
export function writeEpochState(directory: string, state: EpochState): void {
  const path = join(directory, FILE)
  const file = openSync(`${path}.new`, 'w')
  writeSync(file, JSON.stringify(state))
  fsyncSync(file)
  closeSync(file)
  renameSync(`${path}.new`, path)
  syncDirectory(directory)
}

/** A new or renamed name is durable only once its directory is. Not possible on every platform (Windows), hence best effort. */
export function syncDirectory(directory: string): void {
  try {
    const handle = openSync(directory, 'r')
    fsyncSync(handle)
    closeSync(handle)
  } catch {
    // The rename itself is atomic either way; only its survival of a power loss is weaker.
  }
}
