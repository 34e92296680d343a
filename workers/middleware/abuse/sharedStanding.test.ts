import { describe, expect, it } from 'vitest'
import { beginTelling, NOTHING_TOLD, served, sharedWaitMs, told } from './sharedStanding.ts'

describe('what is known of a burst elsewhere', () => {
  it('is told in one message at a time, and nothing twice', () => {
    const first = beginTelling(served(served(NOTHING_TOLD, 1), 2), 0)
    expect(first?.cost).toBe(3)
    const meanwhile = served(first?.standing ?? NOTHING_TOLD, 4)
    expect(beginTelling(meanwhile, 1)).toBeNull()
    expect(beginTelling(told(meanwhile, 0, 2), 2)?.cost).toBe(4)
    expect(beginTelling(told(first?.standing ?? NOTHING_TOLD, 0, 2), 2)).toBeNull()
  })

  it('is told again after a message that was lost', () => {
    const lost = served(beginTelling(served(NOTHING_TOLD, 1), 0)?.standing ?? NOTHING_TOLD, 1)
    expect(beginTelling(lost, 4_999)).toBeNull()
    expect(beginTelling(lost, 5_000)?.cost).toBe(1)
  })

  it('refuses for as long as was said, and nobody when nothing was', () => {
    const refused = told(NOTHING_TOLD, 700, 1_000)
    expect(sharedWaitMs(refused, 1_000)).toBe(700)
    expect(sharedWaitMs(refused, 1_699)).toBe(1)
    expect(sharedWaitMs(refused, 1_700)).toBe(0)
    expect(sharedWaitMs(told(refused, null, 1_100), 1_100)).toBe(0)
  })
})
