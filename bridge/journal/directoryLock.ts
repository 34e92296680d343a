import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Holder {
  readonly pid: number
  /** Tells two processes apart that were given one id; null where the system does not say. */
  readonly startedAt: string | null
}

/**
 * Keeps two bridges off one journal: their appends would interleave. A lock whose process is gone (kill -9) is taken
 * over, also when its id is another process's by now. Our own process id on an old lock means a restarted container, where the
 * bridge is always process 1.
 */
export function lockDirectory(directory: string): () => void {
  const path = join(directory, 'lock')
  const holder = holderOf(path)
  if (holder !== null && holder.pid !== process.pid && isAlive(holder)) {
    throw new Error(
      `${directory} is in use by process ${holder.pid}; one journal directory serves one bridge`,
    )
  }
  rmSync(path, { force: true })
  writeFileSync(path, `${process.pid} ${startOf(process.pid) ?? ''}`.trim(), { flag: 'wx' })
  return () => rmSync(path, { force: true })
}

function holderOf(path: string): Holder | null {
  const [pid, startedAt] = /^(\d{1,10})(?: (\d+))?$/.exec(read(path) ?? '')?.slice(1) ?? []
  return pid === undefined ? null : { pid: Number(pid), startedAt: startedAt ?? null }
}

function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // EPERM: alive, but another user's.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false
  }
  const start = startOf(pid)
  return start === null || startedAt === null || start === startedAt
}

/** Clock ticks from the start of the system to that of the process; the name before it may hold spaces. */
function startOf(pid: number): string | null {
  const afterName = read(`/proc/${pid}/stat`)?.split(') ').at(-1)
  return afterName?.split(' ')[19] ?? null
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
