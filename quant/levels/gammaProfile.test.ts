import { expect, it } from 'vitest'
import { createGammaTerms } from '../kernel/gammaTerms.ts'
import { createGammaProfile, fillGammaProfile, LADDER } from './gammaProfile.ts'

const NO_ROWS = { start: 0, end: 0, frontEnd: 0, within90dEnd: 0, frontExpiry: -1 }

it('has the same levels for every spot, from within half a published level of 0.8 to 1.2 of it', () => {
  const profile = createGammaProfile()
  const published = LADDER.stride * LADDER.step
  for (const spot of [0.01, 1, 6_485.64, 6_486, 6_500, 24_000, 1e6]) {
    fillGammaProfile(profile, createGammaTerms(0), NO_ROWS, spot)
    const { lnSpot0 } = profile
    expect(lnSpot0 / published).toBeCloseTo(Math.round(lnSpot0 / published), 9)
    expect(Math.abs(lnSpot0 - Math.log(LADDER.low * spot))).toBeLessThanOrEqual(published / 2 + 1e-12)
    const top = lnSpot0 + (LADDER.levels - 1) * LADDER.step
    expect(Math.abs(top - Math.log(LADDER.high * spot))).toBeLessThanOrEqual(published / 2 + 1e-12)
  }
})
