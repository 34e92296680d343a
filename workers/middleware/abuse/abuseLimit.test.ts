import { describe, expect, it } from 'vitest'
import { MemoryAbuseLimiter, networkOf } from './abuseLimit.ts'

const admitted = (limiter: MemoryAbuseLimiter, client: string, calls: number, nowMs: number) =>
  Array.from({ length: calls }, () => limiter.waitMs(client, 1, nowMs)).filter((wait) => wait === 0).length

describe('the allowance of a network', () => {
  it('is a burst, and then as much as comes back', () => {
    const limiter = new MemoryAbuseLimiter({ burst: 10, perMinute: 60 })
    expect(admitted(limiter, 'a', 15, 0)).toBe(10)
    expect(limiter.waitMs('a', 1, 400)).toBe(600)
    expect(admitted(limiter, 'a', 5, 3_000)).toBe(3)
    expect(admitted(limiter, 'a', 20, 600_000)).toBe(10)
  })

  it('is its own, and not refilled by a clock that is set back', () => {
    const limiter = new MemoryAbuseLimiter({ burst: 2, perMinute: 60 })
    expect(admitted(limiter, 'a', 3, 60_000)).toBe(2)
    expect(admitted(limiter, 'b', 3, 60_000)).toBe(2)
    expect(admitted(limiter, 'a', 3, 0)).toBe(0)
  })

  it('is forgotten for the network that was heard of longest ago, so that memory has an end', () => {
    const limiter = new MemoryAbuseLimiter({ burst: 1, perMinute: 1 })
    for (let i = 0; i <= 10_000; i++) limiter.waitMs(`n${i}`, 1, 0)
    expect(limiter.waitMs('n10000', 1, 0)).toBeGreaterThan(0)
    expect(limiter.waitMs('n0', 1, 0)).toBe(0)
  })

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::ffff', '2001:db8:1:2::/64'],
    ['2001:0db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['2001:db8:1:2:ffff::', '2001:db8:1:2::/64'],
  ])('of %s is that of %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})
