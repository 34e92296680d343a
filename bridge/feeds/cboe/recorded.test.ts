import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSnapshot } from '../chain/readSnapshot.ts'

const recorded = join(import.meta.dirname, '../../../../shared/data/cboe')

describe.skipIf(!existsSync(recorded))('recorded files (../shared/data/cboe; skipped when absent)', () => {
  test.each([
    ['RUT_2023-09-20.json', 'RUT', 6680, '2023-09-20T20:15:04.000Z'],
    ['SPX_2022-12-12.csv', 'SPX', 19156, '2022-12-13T01:30:00.000Z'],
    ['SPX_2025-08-28.csv', 'SPX', 24050, '2025-08-28T20:25:00.000Z'],
    ['SPX_2025-09-04.csv', 'SPX', 24040, '2025-09-04T18:30:00.000Z'],
    ['SPY_2025-09-25.csv', 'SPY', 3716, '2025-09-26T01:05:00.000Z'],
  ])('%s: every contract, none rejected', (file, underlying, contracts, asOf) => {
    const result = readSnapshot(readFileSync(join(recorded, file), 'utf8'))
    if (!result.ok) throw new Error(`not parsed: ${JSON.stringify(result.problem)}`)
    const { snapshot } = result
    expect(snapshot.underlying).toBe(underlying)
    expect(snapshot.rows).toHaveLength(contracts)
    expect(snapshot.rejected).toEqual([])
    expect(new Date(snapshot.asOfMs).toISOString()).toBe(asOf)
  })
})
