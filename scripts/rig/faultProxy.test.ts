import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { NO_FAULTS, startFaultProxy, type FaultPlan, type FaultProxy } from './faultProxy.ts'

const MESSAGE = Buffer.from('0123456789'.repeat(100))

let echo: Server
let proxy: FaultProxy
beforeEach(async () => {
  echo = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.pipe(socket)
  })
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  proxy = await startFaultProxy(() => (echo.address() as AddressInfo).port, 1)
})
afterEach(() => {
  proxy.close()
  echo.close()
})

function dial(): Socket {
  return connect(proxy.port, '127.0.0.1').on('error', () => undefined)
}

/** What of the message comes back, and whether the connection outlived it. */
async function echoed(plan: Partial<FaultPlan>): Promise<{ bytes: number; isCut: boolean }> {
  proxy.setPlan({ ...NO_FAULTS, ...plan })
  const socket = dial()
  let bytes = 0
  let isCut = false
  const enough = new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes === MESSAGE.length) resolve()
    })
    socket.once('close', () => {
      isCut = true
      resolve()
    })
  })
  await once(socket, 'connect')
  socket.write(MESSAGE)
  await enough
  const result = { bytes, isCut }
  socket.destroy()
  return result
}

it('carries bytes as they are, late, or in pieces', async () => {
  const whole = { bytes: MESSAGE.length, isCut: false }
  expect(await echoed({})).toEqual(whole)
  expect(await echoed({ delay: 1 })).toEqual(whole)
  expect(await echoed({ drip: 1 })).toEqual(whole)
  expect(proxy.done.delay + proxy.done.drip).toBeGreaterThan(0)
})

it('cuts a connection in the middle of a chunk, or before it', async () => {
  const truncated = await echoed({ truncate: 1 })
  expect(truncated.isCut).toBe(true)
  expect(truncated.bytes).toBeLessThan(MESSAGE.length)
  expect(await echoed({ reset: 1 })).toEqual({ bytes: 0, isCut: true })
})

it('leaves a connection half-open until it is healed', async () => {
  proxy.setPlan({ ...NO_FAULTS, halfOpen: 1 })
  const socket = dial()
  await once(socket, 'connect')
  let bytes = 0
  socket.on('data', (chunk: Buffer) => (bytes += chunk.length))
  socket.write(MESSAGE)
  await vi.waitUntil(() => proxy.done.halfOpen > 0)
  // Another connection that is carried whole shows that there was time enough.
  const other = await echoed({})
  expect([other.bytes, bytes, socket.destroyed]).toEqual([MESSAGE.length, 0, false])
  proxy.heal()
  await new Promise((resolve) => socket.once('close', resolve))
})
