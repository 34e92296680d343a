import { describe, expect, it } from 'vitest'
import { TIERS } from '#schemas/tiers'
import { HELD_MS, isOver, nextLookMs, pauseOf } from './pause.ts'

const GOOD = { tier: 'partner', canSign: true } as const

describe('a pause', () => {
  it.each(TIERS)('is because of the tier below partner: %s', (tier) => {
    const pause = pauseOf({ tier, canSign: true }, null, 5)
    expect(pause?.reason).toBe(tier === 'partner' ? undefined : 'tier')
  })

  it('says what the account is, and that it is not there any more', () => {
    expect(pauseOf({ tier: 'free', canSign: true }, null, 5)).toEqual({
      reason: 'tier',
      detail: 'not sent: the account is free, webhooks need partner',
      sinceMs: 5,
    })
    expect(pauseOf({ tier: null, canSign: true }, null, 5)?.detail).toContain('not there any more')
  })

  it('is not of an owner that is no account', () => {
    expect(pauseOf({ tier: 'any', canSign: true }, null, 5)).toBeNull()
    expect(pauseOf({ tier: 'any', canSign: false }, null, 5)?.reason).toBe('secret')
  })

  it('counts from its beginning, and anew when the reason is another', () => {
    const tier = pauseOf({ tier: 'free', canSign: true }, null, 5)
    expect(pauseOf({ tier: 'pro', canSign: true }, tier, 9)).toMatchObject({ reason: 'tier', sinceMs: 5 })
    expect(pauseOf({ ...GOOD, canSign: false }, tier, 9)).toMatchObject({ reason: 'secret', sinceMs: 9 })
    expect(pauseOf(GOOD, tier, 9)).toBeNull()
  })

  it('keeps events for three days, and is looked at less often then', () => {
    const pause = { reason: 'tier', detail: '', sinceMs: 5 } as const
    expect([isOver(pause, 4 + HELD_MS), isOver(pause, 5 + HELD_MS)]).toEqual([false, true])
    const early = nextLookMs(pause, 6) - 6
    const late = nextLookMs(pause, 5 + HELD_MS) - 5 - HELD_MS
    expect([early, late]).toEqual([900_000, 3_600_000])
  })
})
