import { expect, it, vi } from 'vitest'
import { CLOSE_CODES } from '#schemas/stream/closeCodes'
import { holdClock } from '../symbol/workerd.testkit.ts'
import { puppetHub, settled } from './hub.workerd.testkit.ts'
import { connect, newRelay } from './workerd.testkit.ts'

/** A busy machine takes its time. */
const PATIENT = { timeout: 10_000 }

holdClock()

it('a relay closes 4403 listeners of whole frames when a synthetic feed becomes a live one', async () => {
  const { symbol } = await settled('synthetic')
  const relay = newRelay()
  const path = `/ws/gamma-compact/${symbol}`
  const guest = await connect(relay, { tier: 'guest', path })
  const pro = await connect(relay, { tier: 'pro', path })
  await guest.has(1)
  await puppetHub(relay, symbol)('live')
  await vi.waitFor(() => expect(guest.closes).toEqual([CLOSE_CODES.tierTooLow]), PATIENT)
  await pro.has(2)
  const late = await connect(relay, { tier: 'guest', path })
  await vi.waitFor(() => expect(late.closes).toEqual([CLOSE_CODES.tierTooLow]), PATIENT)
  expect([guest.raw.length, late.raw.length, pro.closes]).toEqual([1, 0, []])
  pro.socket.close(1000)
})
