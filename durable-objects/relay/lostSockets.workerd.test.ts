import { evictDurableObject } from 'cloudflare:test'
import { expect, it, vi } from 'vitest'
import { EPOCH } from '../symbol/testkit.ts'
import { holdClock } from '../symbol/workerd.testkit.ts'
import { caughtUp, frameOf, settled, tick } from './hub.workerd.testkit.ts'
import { connect, control, newRelay } from './workerd.testkit.ts'

holdClock()

it('a viewer whose relay dies with its sockets is told honestly where it stands, and goes on without a gap', async () => {
  const { symbol, stub, newest } = await settled()
  const relay = newRelay()
  const first = await connect(relay)
  first.subscribe(symbol)
  await first.has(3)
  await evictDurableObject(relay, { webSockets: 'close' })
  await vi.waitFor(() => expect(first.closes).toEqual([1006]))
  await tick(symbol, stub, 2)

  const second = await connect(relay)
  second.subscribe(symbol, { epoch: EPOCH, sequence: newest })
  await caughtUp(second, stub)
  await tick(symbol, stub, 3)
  await caughtUp(second, stub)
  const [answer] = control(second, 'subscribed')
  const shown = second.messages().flatMap((message) => {
    if (message.type === 'snapshot') return [message.frame.sequence]
    return message.type === 'delta' ? [message.sequence] : []
  })
  // The relay's memory is gone: a snapshot and no claim of a recovery; from there on, frame by frame.
  expect(answer?.recovered).toBe(false)
  expect(second.story()[2]).toMatch(/^snapshot/)
  expect(shown).toEqual(shown.map((_, i) => (shown[0] ?? 0) + i))
  expect(shown.at(-1)).toBe((await frameOf(stub)).sequence)
  second.socket.close(1000)
})
