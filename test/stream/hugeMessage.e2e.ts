/** A message beyond what the platform takes at all, on real processes: it ends its own socket and nothing else. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Child } from '#scripts/local/processes'
import type { WorkerdServer } from '#scripts/rig/workerdServer'
import { bridgeTo, eventually, startBareWorker } from '../harness.ts'

const MB = 1024 ** 2
/** Above our own limit of 4 KB; above that of the platform, which is 32 MiB. */
const OURS = MB
const PLATFORMS = 32 * MB + 1

interface Message {
  readonly type: string
  readonly sequence?: number
  readonly frame?: { readonly sequence: number }
}

let server: WorkerdServer
let bridge: Child
beforeAll(async () => {
  server = await startBareWorker()
  bridge = bridgeTo(server, ['--symbols', 'SPX'])
})
afterAll(async () => {
  await bridge?.kill()
  await server?.remove()
})

/** Takes part as a client does: it acknowledges what it gets. */
async function viewer() {
  const token = await server.token('pro')
  const address = `${server.url.replace('http', 'ws')}/ws/v1?token=${token}`
  const socket = new WebSocket(address)
  const closes: number[] = []
  let messages = 0
  socket.on('message', (data: Buffer) => {
    messages++
    const { type, sequence, frame } = JSON.parse(data.toString()) as Message
    if (type !== 'snapshot' && type !== 'delta') return
    const positions = { 'gamma.SPX': frame?.sequence ?? sequence }
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ op: 'ack', positions }))
  })
  socket.on('error', () => undefined)
  socket.on('close', (code) => void closes.push(code))
  await eventually(async () => (messages > 0 ? true : null))
  socket.send(JSON.stringify({ op: 'subscribe', channels: ['gamma.SPX'] }))
  return { socket, closes, messages: () => messages }
}

it.each([
  ['our', OURS, [4413]],
  ['the platform’s', PLATFORMS, [1009]],
])(
  'a message above %s limit closes its socket, and the others go on',
  { timeout: 120_000 },
  async (_, bytes, codes) => {
    const other = await viewer()
    const flooder = await viewer()
    flooder.socket.send('x'.repeat(bytes))
    await eventually(async () => flooder.socket.readyState !== WebSocket.OPEN || null)
    // It was told why. For the end of the connection, whose other side reads no more, the client would wait for 30 s.
    flooder.socket.terminate()
    await eventually(async () => (flooder.closes.length > 0 ? true : null))
    expect(flooder.closes).toEqual(codes)
    const before = other.messages()
    await eventually(async () => (other.messages() > before ? true : null))
    expect(other.closes).toEqual([])
    other.socket.close()
  },
)
