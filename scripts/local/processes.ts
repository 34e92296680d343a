/**
 * Child processes of a local run. Each child leads its own process group, so that stopping it stops everything it
 * started (wrangler starts workerd), also with SIGKILL.
 */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { binDirectory, projectRoot } from './paths.ts'

export interface Child {
  readonly process: ChildProcess
  /** Resolves with the exit code (null when killed by a signal). */
  readonly exited: Promise<number | null>
  /** Signals the whole group and waits until the child is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>
}

export function startChild(command: string, args: readonly string[], options: SpawnOptions = {}): Child {
  const child = spawn(command, args, {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...options,
    env: { ...process.env, PATH: `${binDirectory}:${process.env['PATH']}`, ...options.env },
  })
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.once('error', () => resolve(127))
  })
  const kill = async (signal: NodeJS.Signals = 'SIGTERM') => {
    signalGroup(child, signal)
    // workerd can ignore SIGTERM while hibernated sockets are open, so a polite stop has a limit.
    const reaper = setTimeout(() => signalGroup(child, 'SIGKILL'), 3000)
    await exited
    clearTimeout(reaper)
    signalGroup(child, 'SIGKILL')
  }
  return { process: child, exited, kill }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group is already gone.
  }
}
