/** Two bridges on one symbol, on real processes: one streams, the other waits and takes over when the first is killed. */
import * as v from 'valibot'
import { afterEach, expect, it } from 'vitest'
import { ChainSchema } from '#schemas/rest/models'
import type { Child } from '#scripts/local/processes'
import type { WorkerdServer } from '#scripts/rig/workerdServer'
import { bridgeTo, eventually, startBareWorker } from './harness.ts'

/** Ten seconds of lease, two to notice and to begin; the rest is for a busy machine. */
const PATIENCE_MS = 20_000

let server: WorkerdServer | null = null
const bridges: Child[] = []
afterEach(async () => {
  await Promise.all(bridges.splice(0).map((bridge) => bridge.kill()))
  await server?.remove()
})

function openBridge(running: WorkerdServer) {
  const child = bridgeTo(running, ['--symbols', 'NVDA'])
  bridges.push(child)
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
  server = await startBareWorker()
  const { url } = server
  const token = await server.token('guest')
  const first = openBridge(server)
  await eventually(() => stateHash(url, token))
  const standby = openBridge(server)
  await eventually(() => standby.hasSaid('standby: expected a free lease'))

  first.child.process.kill('SIGKILL')
  const killedMs = performance.now()
  await eventually(() => standby.hasSaid('takes_over: under epoch 2'), PATIENCE_MS)
  const last = await stateHash(url, token)
  await eventually(async () => (await stateHash(url, token)) !== last || null, PATIENCE_MS)
  console.log(`taken over ${Math.round(performance.now() - killedMs)} ms after the kill`)
  expect(standby.child.process.exitCode).toBeNull()
})
