import { describe, expect, test } from 'vitest'
import {
  EMPTY_NODE_HISTORY,
  isSampleDue,
  latestChange,
  NODE_HISTORY_ROWS,
  nodeChanges,
  restoredNodeHistory,
  storedNodeRows,
  withSample,
  type NodeHistory,
} from './nodeHistory.ts'

const OPEN = Date.UTC(2025, 8, 4, 13, 30)
const MINUTE = 60_000
const DAY = 86_400_000
const rowAt = (asOfMs: number, value = asOfMs / 1e12) => ({ asOfMs, lnVol: new Float64Array(28).fill(value) })
const historyAt = (...times: number[]): NodeHistory =>
  times.map((at) => rowAt(at)).reduce(withSample, EMPTY_NODE_HISTORY)
const times = ({ rows }: NodeHistory): number[] => rows.map(({ asOfMs }) => asOfMs)

describe('a sample is due', () => {
  test('once in each slot of five minutes', () => {
    const history = historyAt(OPEN + 1000)
    expect(isSampleDue(EMPTY_NODE_HISTORY, OPEN)).toBe(true)
    expect(isSampleDue(history, OPEN + 5 * MINUTE - 1)).toBe(false)
    expect(isSampleDue(history, OPEN + 5 * MINUTE)).toBe(true)
  })

  test('not so soon after the one before that a change would be none', () => {
    const history = historyAt(OPEN + 4.9 * MINUTE)
    expect(isSampleDue(history, OPEN + 5.1 * MINUTE)).toBe(false)
    expect(isSampleDue(history, OPEN + 7.4 * MINUTE)).toBe(true)
  })

  test('never when time stands still, goes back or is not a number', () => {
    const history = historyAt(OPEN)
    for (const at of [OPEN, OPEN - DAY, NaN]) {
      expect(isSampleDue(history, at)).toBe(false)
      expect(withSample(history, rowAt(at))).toBe(history)
    }
    expect(isSampleDue(EMPTY_NODE_HISTORY, NaN)).toBe(false)
  })

  test('a row without any node is not kept', () => {
    expect(withSample(EMPTY_NODE_HISTORY, rowAt(OPEN, NaN))).toBe(EMPTY_NODE_HISTORY)
  })
})

describe('changes', () => {
  test('join neighbouring slots only: neither a missing slot nor a night counts', () => {
    const history = historyAt(
      OPEN,
      OPEN + 5 * MINUTE,
      OPEN + 15 * MINUTE,
      OPEN + 20 * MINUTE,
      OPEN + DAY,
      OPEN + DAY + 5 * MINUTE,
    )
    expect(nodeChanges(history).map(({ fromMs, toMs }) => [fromMs - OPEN, toMs - OPEN])).toEqual([
      [0, 5 * MINUTE],
      [15 * MINUTE, 20 * MINUTE],
      [DAY, DAY + 5 * MINUTE],
    ])
  })

  test('are of ln IV, and NaN at a node missing from either row or four times as volatile', () => {
    const before = rowAt(OPEN, Math.log(0.2))
    const after = rowAt(OPEN + 5 * MINUTE, Math.log(0.21))
    before.lnVol[3] = NaN
    after.lnVol[4] = NaN
    after.lnVol[5] = Math.log(0.9)
    after.lnVol[6] = Infinity
    const [change] = nodeChanges({ rows: [before, after] })
    expect(change?.lnVol[0]).toBeCloseTo(Math.log(0.21 / 0.2), 14)
    expect([...(change?.lnVol ?? [])].flatMap((value, i) => (Number.isNaN(value) ? [i] : []))).toEqual([
      3, 4, 5, 6,
    ])
  })

  test('the latest is one that has just ended', () => {
    const changes = nodeChanges(historyAt(OPEN, OPEN + 5 * MINUTE))
    expect(latestChange(changes, OPEN + 6 * MINUTE)).toBe(changes[0])
    expect(latestChange(changes, OPEN + 16 * MINUTE)).toBeNull()
    expect(latestChange(changes, OPEN)).toBeNull()
    expect(latestChange([], OPEN)).toBeNull()
  })
})

describe('a stored history', () => {
  const full = Array.from({ length: NODE_HISTORY_ROWS + 20 }, (_, i) => rowAt(OPEN + 5 * MINUTE * i)).reduce(
    withSample,
    EMPTY_NODE_HISTORY,
  )

  test('is bounded, the oldest going first', () => {
    expect(full.rows).toHaveLength(NODE_HISTORY_ROWS)
    expect(full.rows[0]?.asOfMs).toBe(OPEN + 20 * 5 * MINUTE)
  })

  test('comes back from JSON as it went', () => {
    const history = historyAt(OPEN, OPEN + 5 * MINUTE)
    history.rows[0]?.lnVol.fill(NaN, 20)
    expect(restoredNodeHistory(JSON.parse(JSON.stringify(storedNodeRows(history))))).toEqual(history)
    expect(times(restoredNodeHistory(storedNodeRows(full)))).toEqual(times(full))
  })

  test('leaves out rows of another grid or out of order', () => {
    const [first, second] = storedNodeRows(historyAt(OPEN, OPEN + 5 * MINUTE))
    if (first === undefined || second === undefined) throw new Error('expected two rows')
    const restored = restoredNodeHistory([second, first, { ...first, asOfMs: OPEN + DAY, lnVol: [1, 2] }])
    expect(times(restored)).toEqual([OPEN + 5 * MINUTE])
  })
})
