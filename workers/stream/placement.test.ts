import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { regionOf } from './region.ts'
import { rendezvous } from './rendezvous.ts'

describe('regionOf', () => {
  it.each([
    ['NA', '-122.4', 'wnam'],
    ['NA', '-74.0', 'enam'],
    ['SA', '-46.6', 'sam'],
    ['EU', '2.3', 'weur'],
    ['EU', '21.0', 'eeur'],
    ['AS', '55.3', 'me'],
    ['AS', '72.9', 'apac'],
    ['OC', '151.2', 'oc'],
    ['AF', '28.0', 'afr'],
    ['AN', undefined, 'enam'],
    ['NA', undefined, 'enam'],
  ])('of %s %s is %s', (continent, longitude, region) => {
    expect(regionOf({ continent, longitude })).toBe(region)
  })

  it('is where the data comes from when the place is not known', () => {
    expect(regionOf(undefined)).toBe('enam')
  })
})

describe('rendezvous', () => {
  it('moves a caller to the new shard or not at all when one is added', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 63 }), (key, shards) => {
        expect([rendezvous(key, shards), shards]).toContain(rendezvous(key, shards + 1))
      }),
    )
  })

  it('spreads callers whose names are alike', () => {
    const counts = [0, 0, 0, 0]
    for (let i = 0; i < 4_000; i++) {
      const shard = rendezvous(`guest-${i}`, 4)
      counts[shard] = (counts[shard] ?? 0) + 1
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(120)
  })
})
