/**
 * The promise of exactly-once ingest, on real processes: a Worker killed ten times with SIGKILL in the middle of a
 * stream ends with the same chain as one that was never disturbed. On a bare workerd, which is back at once: the kills
 * come close together, and the stream is sure to outlast them.
 */
import * as v from 'valibot'
import { afterEach, describe, expect, it } from 'vitest'
import { ChainSchema } from '#schemas/rest/models'
import type { Child } from '#scripts/local/processes'
import type { WorkerdServer } from '#scripts/rig/workerdServer'
import { bridgeTo, eventually, startBareWorker } from './harness.ts'

const KILLS = 10
const STREAM = '--feed synthetic --symbols NVDA --seed 7 --start 2026-11-20T15:00:00Z --ticks 120'.split(' ')

const servers: WorkerdServer[] = []
const bridges: Child[] = []
afterEach(async () => {
  await Promise.all(bridges.splice(0).map((bridge) => bridge.kill()))
  await Promise.all(servers.splice(0).map((server) => server.remove()))
})

async function chainOf(server: WorkerdServer) {
  const headers = { authorization: `Bearer ${await server.token()}` }
  const response = await fetch(`${server.url}/v1/chain/NVDA?limit=1`, { headers })
  if (!response.ok) return null
  return v.parse(ChainSchema, await response.json()).data
}

function streamTo(server: WorkerdServer): Child {
  const bridge = bridgeTo(server, STREAM)
  bridges.push(bridge)
  return bridge
}

async function streamToTheEnd(kills: number): Promise<{ stateHash: string; total: number }> {
  const server = await startBareWorker()
  servers.push(server)
  const bridge = streamTo(server)
  let lastHash = ''
  for (let kill = 0; kill < kills; kill++) {
    lastHash = await eventually(async () => {
      const chain = await chainOf(server)
      return chain && chain.stateHash !== lastHash ? chain.stateHash : null
    })
    expect(bridge.process.exitCode, 'the stream is still running when the Worker is killed').toBeNull()
    await server.kill()
    await server.start()
  }
  expect(await bridge.exited).toBe(0)
  const { stateHash, total } = await eventually(() => chainOf(server))
  return { stateHash, total }
}

describe('a Worker that is killed in the middle of a stream', () => {
  it(`ends with the chain of an undisturbed run after ${KILLS} kills`, { timeout: 240_000 }, async () => {
    const [undisturbed, disturbed] = await Promise.all([streamToTheEnd(0), streamToTheEnd(KILLS)])
    expect(undisturbed.total).toBeGreaterThan(100)
    expect(disturbed).toEqual(undisturbed)
  })
})
