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
    expect(valuesOf('Exposures by strike and expiry')).toEqual([null, null, 'yes', 'yes'])
    expect(valuesOf('API keys')).toEqual([null, null, null, 'yes'])
    expect(valuesOf('Places for live windows')).toEqual(['5', '5', '25', '25'])
    expect(valuesOf('Units a day')?.[3]).toBe('5,000,000')
  })

  test('says how late and how deep a chain is', () => {
    const [guest, free, pro] = valuesOf('Option chain') ?? []
    expect(guest).toBeNull()
    expect(free).toBe('the 8 nearest expiries, 50 strikes each side of spot; live markets 15 minutes late')
    expect(TIER_LIMITS.free).toMatchObject({ rawDelayMs: 900_000, depth: { expiries: 8 } })
    expect(pro).toBe('all of it')
  })
})

test('the address that opens the table keeps the rest of itself', () => {
  expect(isUpgradeAsked('?upgrade')).toBe(true)
  expect(isUpgradeAsked('?symbol=SPX&upgrade=pro')).toBe(true)
  expect(isUpgradeAsked('?symbol=UPGRADE')).toBe(false)
  expect(withoutUpgrade('?upgrade')).toBe('')
  expect(withoutUpgrade('?symbol=SPX&upgrade')).toBe('?symbol=SPX')
})
