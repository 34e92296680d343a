import { expect, it } from 'vitest'
import { streamEpochAfter } from './streamEpoch.ts'

const NOW_MS = Date.UTC(2026, 10, 21)

it('rises with every life, however fast they follow each other', () => {
  const first = streamEpochAfter(null, NOW_MS)
  const second = streamEpochAfter(first, NOW_MS)
  expect([first, second, streamEpochAfter(second, NOW_MS - 86_400_000)]).toEqual([
    first,
    first + 1,
    first + 2,
  ])
})

it('rises although nothing is known of the lives before', () => {
  let newest: number | null = null
  for (let i = 0; i < 100; i++) newest = streamEpochAfter(newest, NOW_MS + i * 1_000)
  expect(streamEpochAfter(null, NOW_MS + 100_000)).toBeGreaterThan(newest ?? 0)
})
