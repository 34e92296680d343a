/**
 * The product as a user runs it, for tests: a local Worker and a bridge on free ports with a state directory of
 * their own. Everything can be killed and started again on the same state.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
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

export async function startProduct(vars: Readonly<Record<string, string>> = {}): Promise<Product> {
  const directory = mkdtempSync(join(tmpdir(), 'flipwire-'))
  const stateDirectory = join(directory, 'state')
  cpSync(inject('migratedState'), stateDirectory, { recursive: true })
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

/** Calls `probe` until it returns a value; rejects after `timeoutMs` with the last error. */
export async function eventually<T>(probe: () => Promise<T | null>, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs
  let lastError: unknown = new Error('never answered')
  while (Date.now() < deadline) {
    try {
      const value = await probe()
      if (value !== null) return value
    } catch (error) {
      lastError = error
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`not within ${timeoutMs} ms`, { cause: lastError })
}

export async function guestToken(url: string): Promise<string> {
  const response = await fetch(`${url}/v1/auth/guest`, { method: 'POST' })
  const body = (await response.json()) as { token: string }
  return body.token
}
