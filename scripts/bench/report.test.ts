import { expect, test } from 'vitest'
import { median } from './measure.ts'
import { atLeast, toJson, toTable } from './report.ts'

const REPORT = {
  results: [
    {
      work: 'implied vol',
      impl: 'flipwire',
      runtime: 'node 22',
      figure: { nsPerContract: 57 },
      maxError: 8e-13,
      errorIn: 'vol',
      misses: 0,
      asked: 20,
    },
    { work: 'implied vol', impl: 'a peer', runtime: 'node 22', figure: { nsPerContract: 570 } },
  ],
  gates: [
    atLeast('vol vs a peer', 10, 8),
    atLeast('ladder vs a peer', 7.123, 8),
    atLeast('unmeasured', NaN, 8),
  ],
}

test('the JSON names commit and machine, and spells each figure with its unit', () => {
  const json = JSON.parse(toJson(REPORT))
  expect(Object.keys(json)).toEqual(['commit', 'machine', 'results', 'gates'])
  expect(json.machine).toMatchObject({ node: process.versions.node })
  expect(json.results[0]).toMatchObject({
    work: 'implied vol',
    impl: 'flipwire',
    nsPerContract: 57,
    maxError: 8e-13,
  })
})

test('a gate holds at its target or above, and never on a figure that is missing', () => {
  expect(REPORT.gates.map(({ ok }) => ok)).toEqual([true, false, false])
  expect(REPORT.gates[1]?.value).toBe(7.12)
})

test('the table shows results, then gates, one a line', () => {
  const lines = toTable(REPORT).split('\n')
  expect(lines).toHaveLength(2 + 1 + 3)
  expect(lines[0]).toContain('57 nsPerContract')
  expect(lines[0]).toContain('0 of 20 missed')
  expect(lines[4]).toMatch(/^MISSED/)
})

test('median of odd, even and no values', () => {
  expect([median([3, 1, 2]), median([4, 1, 3, 2]), median([])]).toEqual([2, 2.5, NaN])
})
