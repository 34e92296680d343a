import { expect, it, vi } from 'vitest'
import { decodeGammaFrame } from '#schemas/frame/codec'
import type { GammaFrame } from '#schemas/frame/gamma'
import { SUBPROTOCOL_BINARY } from '#schemas/stream/protocol'
import { STREAM_CALLER_HEADERS } from '../../fanout/caller.ts'
import { encoded, NOW_MS, SPOT, underlying } from '../testkit.ts'
import { holdClock, opened, pass, post } from '../workerd.testkit.ts'
import { FRAME_CADENCE_MS } from './publisher.ts'

holdClock()

/** A symbol whose first frame is out, somebody who watches it, and batches that move the spot. */
async function watched() {
  const { symbol, stub } = await opened()
  await pass(stub, 0)
  const headers = {
    upgrade: 'websocket',
    'sec-websocket-protocol': SUBPROTOCOL_BINARY,
    [STREAM_CALLER_HEADERS.subject]: 'someone',
    [STREAM_CALLER_HEADERS.tier]: 'pro',
    [STREAM_CALLER_HEADERS.expiresAtMs]: String(NOW_MS + 600_000),
  }
  const { webSocket: socket } = await stub.fetch(new Request('https://object/stream', { headers }))
  if (socket === null) throw new Error('expected a socket')
  const frames: GammaFrame[] = []
  socket.binaryType = 'arraybuffer'
  socket.addEventListener('message', ({ data }) => {
    frames.push(decodeGammaFrame(new Uint8Array(data as ArrayBuffer)))
  })
  socket.accept()
  let sequence = 1
  const tick = async () => {
    sequence++
    await post(stub, encoded({ symbol, sequence }, [underlying(SPOT + sequence, NOW_MS + sequence)]))
  }
  const shown = async (count: number) => {
    await vi.waitFor(() => expect(frames).toHaveLength(count))
    return frames.map(({ spotPrice, windows }) => [spotPrice, windows !== null])
  }
  return { stub, tick, shown, end: () => socket.close(1000) }
}

it('windows follow the frame they were computed of, and no batch waits for them', async () => {
  const { stub, tick, shown, end } = await watched()
  await pass(stub, FRAME_CADENCE_MS)
  expect(await shown(2)).toEqual([
    [SPOT, false],
    [SPOT, true],
  ])
  await tick()
  await pass(stub, 0)
  expect((await shown(3)).at(-1)).toEqual([SPOT + 2, true])
  end()
})

it('windows come with the second frame at the latest when a batch always comes in before they are computed', async () => {
  const { stub, tick, shown, end } = await watched()
  await tick()
  await pass(stub, FRAME_CADENCE_MS)
  await tick()
  await pass(stub, FRAME_CADENCE_MS)
  expect(await shown(3)).toEqual([
    [SPOT, false],
    [SPOT + 2, false],
    [SPOT + 3, true],
  ])
  end()
})
