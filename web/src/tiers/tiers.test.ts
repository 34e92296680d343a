import { describe, expect, test } from 'vitest'
import { TIER_LIMITS } from '#schemas/tiers'
import { tierRows } from './tierRows.ts'
import { isUpgradeAsked, withoutUpgrade } from './tiersAddress.ts'

function valuesOf(label: string) {
  return tierRows().find((row) => row.label === label)?.values
}

describe('the table of tiers', () => {
  test('says of each tier what the service would', () => {
    expect(valuesOf('Key levels')).toEqual(['yes', 'yes', 'yes', 'yes'])
    expect(valuesOf('Exposures')).toEqual([null, null, 'yes', 'yes'])
    expect(valuesOf('API keys')).toEqual([null, null, null, 'yes'])
    expect(valuesOf('Places for live windows')).toEqual(['5', '5', '25', '25'])
    expect(valuesOf('Units a day')?.[3]).toBe('5M')
  })

  test('says how late and how deep a chain is', () => {
    expect(valuesOf('Chain: expiries')).toEqual([null, '8', 'all', 'all'])
    expect(valuesOf('Chain: strikes each side of spot')).toEqual([null, '50', 'all', 'all'])
    expect(valuesOf('Chain: quotes of live markets')).toEqual([null, '15 min late', 'live', 'live'])
    expect(TIER_LIMITS.free).toMatchObject({ rawDelayMs: 900_000, depth: { expiries: 8 } })
  })

  test('says how often a stream sends', () => {
    expect(valuesOf('Frames of a stream')).toEqual(['1 a second', '1 a second', 'all', 'all'])
  })
})

test('the address that opens the table keeps the rest of itself', () => {
  expect(isUpgradeAsked('?upgrade')).toBe(true)
  expect(isUpgradeAsked('?symbol=SPX&upgrade=pro')).toBe(true)
  expect(isUpgradeAsked('?symbol=UPGRADE')).toBe(false)
  expect(withoutUpgrade('?upgrade')).toBe('')
  expect(withoutUpgrade('?symbol=SPX&upgrade')).toBe('?symbol=SPX')
})
