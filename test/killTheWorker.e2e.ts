/**
 * The promise of exactly-once ingest, on real processes: a Worker killed ten times with SIGKILL in the middle of a
 * stream ends with the same chain as one that was never disturbed.
 */
import * as v from 'valibot'
import { afterEach, describe, expect, it } from 'vitest'
import { ChainSchema } from '#schemas/rest/models'
import { eventually, guestToken, startProduct, type Product } from './harness.ts'

const KILLS = 10
const STREAM = [
  '--feed',
  'synthetic',
  '--symbols',
  'NVDA',
  '--seed',
  '7',
  '--start',
  '2026-11-20T15:00:00Z',
  '--ticks',
  '160',
]

const products: Product[] = []
afterEach(() => Promise.all(products.splice(0).map((product) => product.stop())))

async function chainOf(url: string) {
  const token = await guestToken(url)
  const response = await fetch(`${url}/v1/chain/NVDA?limit=1`, {
    headers: { authorization: `Bearer ${token}` },
  })
  if (!response.ok) return null
  return v.parse(ChainSchema, await response.json()).data
}

async function streamToTheEnd(kills: number): Promise<{ stateHash: string; total: number }> {
  const product = await startProduct()
  products.push(product)
  const { url } = product
  const bridge = product.bridge(STREAM)
  let lastHash = ''
  for (let kill = 0; kill < kills; kill++) {
    lastHash = await eventually(async () => {
      const chain = await chainOf(url)
      return chain && chain.stateHash !== lastHash ? chain.stateHash : null
    })
    expect(bridge.process.exitCode, 'the stream is still running when the Worker is killed').toBeNull()
    await product.killWorker()
    await product.restartWorker()
  }
  expect(await bridge.exited).toBe(0)
  const { stateHash, total } = await eventually(() => chainOf(url))
  return { stateHash, total }
}

describe('a Worker that is killed in the middle of a stream', () => {
  it(`ends with the chain of an undisturbed run after ${KILLS} kills`, { timeout: 240_000 }, async () => {
    const [undisturbed, disturbed] = await Promise.all([streamToTheEnd(0), streamToTheEnd(KILLS)])
    expect(undisturbed.total).toBeGreaterThan(100)
    expect(disturbed).toEqual(undisturbed)
  })
})
