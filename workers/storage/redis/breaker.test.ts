import { describe, expect, it } from 'vitest'
import { admitCall, afterFailure, CLOSED, type Breaker } from './breaker.ts'

const RULES = { failuresToOpen: 3, openMs: 10_000 }

function failedTimes(times: number, nowMs: number): Breaker {
  let breaker = CLOSED
  for (let i = 0; i < times; i++) breaker = afterFailure(breaker, RULES, nowMs)
  return breaker
}

describe('the breaker', () => {
  it('lets calls through until the third failure in a row', () => {
    expect(admitCall(failedTimes(2, 0), RULES, 0)).not.toBeNull()
    expect(admitCall(failedTimes(3, 0), RULES, 0)).toBeNull()
  })

  it('lets one call through when its time is over, and no second beside it', () => {
    const open = failedTimes(3, 0)
    expect(admitCall(open, RULES, 9_999)).toBeNull()
    const probing = admitCall(open, RULES, 10_000)
    expect(probing).not.toBeNull()
    expect(admitCall(probing ?? CLOSED, RULES, 10_001)).toBeNull()
  })

  it('opens again at once when the probe fails', () => {
    const probing = admitCall(failedTimes(3, 0), RULES, 10_000) ?? CLOSED
    const failed = afterFailure(probing, RULES, 10_040)
    expect(admitCall(failed, RULES, 20_039)).toBeNull()
    expect(admitCall(failed, RULES, 20_040)).not.toBeNull()
  })

  it('does not wait for ever for a probe that never comes back', () => {
    const probing = admitCall(failedTimes(3, 0), RULES, 10_000) ?? CLOSED
    expect(admitCall(probing, RULES, 19_999)).toBeNull()
    expect(admitCall(probing, RULES, 20_000)).not.toBeNull()
  })
})
