/**
 * The product as a user runs it: a local Worker and a bridge on free ports with a state directory of their own. Everything
 * can be killed and started again on the same state.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startBridge } from '#scripts/local/bridge'
import { watchLetters } from '#scripts/local/letters'
import { freePort } from '#scripts/local/ports'
import type { Child } from '#scripts/local/processes'
import { startWorker, type LocalWorker } from '#scripts/local/worker'

export interface Product {
  readonly url: string
  /** Subjects of letters the first Worker printed instead of sending, oldest first. */
  readonly letters: readonly string[]
  /** Starts a bridge with these flags; its journal lives as long as the product. */
  bridge(flags: readonly string[]): Child
  /** kill -9 of the Worker and all it started. */
  killWorker(): Promise<void>
  /** Starts the Worker again on the same port and state. */
  restartWorker(): Promise<void>
  stop(): Promise<void>
}

/** `migratedState`: a directory, of which the product takes a copy. */
export async function startProductOn(
  migratedState: string,
  vars: Readonly<Record<string, string>> = {},
): Promise<Product> {
  const directory = mkdtempSync(join(tmpdir(), 'flipwire-'))
  const stateDirectory = join(directory, 'state')
  cpSync(migratedState, stateDirectory, { recursive: true })
  const port = await freePort()
  let worker: LocalWorker = await startWorker({ port, stateDirectory, vars })
  const bridges: Child[] = []
  const letters: string[] = []
  watchLetters(worker, ({ subject }) => letters.push(subject))
  return {
    url: worker.url,
    letters,
    bridge(flags) {
      const journalDirectory = join(directory, 'journal')
      const child = startBridge({ to: worker.url, journalDirectory, flags })
      bridges.push(child)
      return child
    },
    killWorker: () => worker.kill('SIGKILL'),
    async restartWorker() {
      worker = await startWorker({ port, stateDirectory, vars })
    },
    async stop() {
      await Promise.all(bridges.map((bridge) => bridge.kill()))
      await worker.kill('SIGKILL')
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

export async function guestToken(url: string): Promise<string> {
  const response = await fetch(`${url}/v1/auth/guest`, { method: 'POST' })
  const body = (await response.json()) as { token: string }
  return body.token
}
