import { describe, expect, it } from 'vitest'
import { Tabs } from './tabs.ts'

const limits = { unitsPerMinute: 100, unitsPerDay: 1_000 }
const nowMs = Date.UTC(2026, 10, 20, 12)
const line = (route: string, units: number) => ({ route, keyId: '', calls: 1, units })
const remaining = (tabs: Tabs) => tabs.standing('a', limits, nowMs).minute.remaining

describe('the tabs of an isolate', () => {
  it('sum what is served by route, and leave the sending to the first', () => {
    const tabs = new Tabs()
    expect([
      tabs.serve('a', line('r', 1)),
      tabs.serve('a', line('r', 1)),
      tabs.serve('a', line('s', 10)),
    ]).toEqual([true, false, false])
    expect(remaining(tabs)).toBe(88)
    expect(tabs.take('a')).toEqual([
      { route: 'r', keyId: '', calls: 2, units: 2 },
      { route: 's', keyId: '', calls: 1, units: 10 },
    ])
    expect(tabs.serve('a', line('r', 1))).toBe(true)
    expect(tabs.take('a')).toEqual([line('r', 1)])
  })

  it('count what is on its way until the object has told of it', () => {
    const tabs = new Tabs()
    tabs.serve('a', line('r', 5))
    const lines = tabs.take('a')
    tabs.serve('a', line('r', 1))
    expect(remaining(tabs)).toBe(94)
    const resetsAtMs = nowMs + 60_000
    tabs.settle('a', lines, {
      minute: { limit: 100, remaining: 40, resetsAtMs },
      day: { limit: 1_000, remaining: 40, resetsAtMs },
    })
    expect(remaining(tabs)).toBe(39)
  })

  it('give up what could not be told, to the good of the caller', () => {
    const tabs = new Tabs()
    tabs.serve('a', line('r', 5))
    tabs.settle('a', tabs.take('a'), null)
    expect(remaining(tabs)).toBe(100)
  })

  it('forget settled accounts, and never what is unsent', () => {
    const tabs = new Tabs()
    tabs.serve('a', line('r', 5))
    for (let i = 0; i < 20_000; i++) {
      tabs.serve(`other-${i}`, line('r', 1))
      tabs.settle(`other-${i}`, tabs.take(`other-${i}`), null)
    }
    expect(remaining(tabs)).toBe(95)
    expect(tabs.take('a')).toEqual([line('r', 5)])
  })
})
