/** Billed is served, on real processes; `npm run chaos -- --metering` is the same at length. */
import { expect, it } from 'vitest'
import { runMetering } from '#scripts/chaos/metering'
import { startBareWorker } from './harness.ts'

it('books every call once through kills, doubles and clients that gave up', async () => {
  const plan = { calls: 1_500, kills: 3, seed: 5 }
  const report = await runMetering(plan, startBareWorker)
  expect(report).toMatchObject({ served: 1_500, booked: 1_500, mismatches: [] })
  // Or nothing was proven.
  expect(Math.min(report.doubled, report.timedOut, report.repeated)).toBeGreaterThan(5)
})
