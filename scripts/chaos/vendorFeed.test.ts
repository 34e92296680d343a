import { expect, it } from 'vitest'
import { createVendorFeed } from './vendorFeed.ts'
import { startVendor } from './vendor.ts'

it.each([
  ['in the middle of a step', 0],
  ['while it waits for the next one', 3],
])('the rig’s feed ends when it is told to %s', async (_, stepsBefore) => {
  const vendor = await startVendor('SPX', 1, () => undefined)
  const told = new AbortController()
  try {
    const seen: number[] = []
    for await (const { ticks } of createVendorFeed('SPX', vendor.port, 'a').steps(null, told.signal)) {
      seen.push(ticks.length)
      if (seen.length !== stepsBefore + 1) continue
      vendor.pause(true)
      setImmediate(() => told.abort())
    }
    expect(seen.length).toBeGreaterThan(stepsBefore)
  } finally {
    vendor.close()
  }
})
