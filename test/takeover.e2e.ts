/** Two bridges on one symbol, on real processes: one streams, the other waits and takes over when the first is killed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { afterEach, expect, it } from 'vitest'
import { ChainSchema } from '#schemas/rest/models'
import { eventually, guestToken, startProduct, type Product } from './harness.ts'

/** Ten seconds of lease, two to notice and to begin; the rest is for a busy machine. */
const PATIENCE_MS = 20_000

let product: Product | null = null
const directories: string[] = []
afterEach(async () => {
  await product?.stop()
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true })
})

function startBridge(running: Product) {
  const journal = mkdtempSync(join(tmpdir(), 'flipwire-journal-'))
  directories.push(journal)
  const child = running.bridge(['--symbols', 'NVDA', '--journal', journal])
  let said = ''
  child.process.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()))
  return { child, hasSaid: async (text: string) => said.includes(text) || null }
}

async function stateHash(url: string, token: string): Promise<string | null> {
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(`${url}/v1/chain/NVDA?limit=1`, { headers })
  return response.ok ? v.parse(ChainSchema, await response.json()).data.stateHash : null
}

it('a bridge killed with SIGKILL is followed by the standby', { timeout: 120_000 }, async () => {
  product = await startProduct()
  const { url } = product
  const token = await guestToken(url)
  const first = startBridge(product)
  await eventually(() => stateHash(url, token))
  const standby = startBridge(product)
  await eventually(() => standby.hasSaid('standby: expected a free lease'))

  first.child.process.kill('SIGKILL')
  const killedMs = performance.now()
  await eventually(() => standby.hasSaid('takes_over: under epoch 2'), PATIENCE_MS)
  const last = await stateHash(url, token)
  await eventually(async () => (await stateHash(url, token)) !== last || null, PATIENCE_MS)
  console.log(`taken over ${Math.round(performance.now() - killedMs)} ms after the kill`)
  expect(standby.child.process.exitCode).toBeNull()
})
