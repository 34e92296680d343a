/** What tests of the whole product begin with. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inject } from 'vitest'
import { startBridge } from '#scripts/local/bridge'
import type { Child } from '#scripts/local/processes'
import { startWorkerd, type WorkerdServer } from '#scripts/rig/workerdServer'
import { startProductOn, type Product } from './product.ts'
import type { Shared } from './sharedSetup.ts'

export { eventually } from './eventually.ts'
export { guestToken, type Product } from './product.ts'

/** A product of this file's own, for who kills it or wants no market. */
export async function startProduct(): Promise<Product> {
  return startProductOn(await shared('migratedState'))
}

/** The Worker alone, without D1, R2 and the web: back at once after a kill. */
export async function startBareWorker(vars: Readonly<Record<string, string>> = {}): Promise<WorkerdServer> {
  return startWorkerd(vars, await shared('builtWorker'))
}

/** A bridge with a journal of its own, which goes with it. */
export function bridgeTo(
  { url, bridgeKeyFile }: { readonly url: string; readonly bridgeKeyFile?: string },
  flags: readonly string[],
): Child {
  const journalDirectory = mkdtempSync(join(tmpdir(), 'flipwire-journal-'))
  const key = bridgeKeyFile === undefined ? [] : ['--key', bridgeKeyFile]
  const bridge = startBridge({ to: url, journalDirectory, flags: [...flags, ...key] })
  void bridge.exited.then(() => rmSync(journalDirectory, { recursive: true, force: true }))
  return bridge
}

/** Address of a product with SPX, NIFTY and NVDA trading, for all who leave it as it is. */
export function sharedMarket(): Promise<string> {
  return shared('market')
}

async function shared<K extends keyof Shared>(name: K): Promise<Shared[K]> {
  const answer = await fetch(`${inject('sharedUrl')}/${name}`)
  const text = await answer.text()
  if (!answer.ok) throw new Error(text)
  return JSON.parse(text) as Shared[K]
}
