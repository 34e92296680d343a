import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Keeps two bridges off one journal: their appends would interleave. A lock whose process is gone (kill -9) is taken
 * over. Our own process id on an old lock means a restarted container, where the bridge is always process 1.
 */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, 'lock')
  const holder = holderOf(path)
  if (holder !== null && holder !== process.pid && isAlive(holder)) {
    throw new Error(`${directory} is in use by process ${holder}; one journal directory serves one bridge`)
  }
  rmSync(path, { force: true })
  writeFileSync(path, String(process.pid), { flag: 'wx' })
  return () => rmSync(path, { force: true })
}

function holderOf(path: string): number | null {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: alive, but another user's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
