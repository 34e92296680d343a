import { describe, expect, test } from 'vitest'
import { INDIA_OVERRIDES } from './indiaOverrides.ts'
import { previousSession, sessionOn } from './sessions.ts'
import { US_OVERRIDES } from './usOverrides.ts'
import { usSpecialDays } from './usSpecialDays.ts'

describe('overrides', () => {
  test.each([
    ['XNYS', US_OVERRIDES],
    ['XNSE', INDIA_OVERRIDES],
  ] as const)('%s: each is one date once, with its source, and decides that day', (calendar, overrides) => {
    expect(new Set(overrides.map(({ date }) => date)).size).toBe(overrides.length)
    for (const { date, day, source } of overrides) {
      expect(source).not.toBe('')
      const found = sessionOn(calendar, date)
      expect(found).toMatchObject({ status: day.kind === 'closed' ? 'closed' : 'open', name: day.name })
    }
  })

  test('a closure moves the expiries of its day, and is an override because no rule has it', () => {
    expect(previousSession('XCBO', '2025-01-10')?.date).toBe('2025-01-08')
    expect(usSpecialDays(2026).get('2026-01-09')).toBeUndefined()
  })
})
