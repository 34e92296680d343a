import { describe, expect, test } from 'vitest'
import type { Volatility } from '#schemas/rest/volatility'
import { marketZone } from '../format/time.ts'
import { flagSummary, frontMove, medianErrorVolPts, smilesOf } from './smiles.ts'
import { volatilityTable } from './volatilityTable.ts'

const NO_SKEW = { skew25VolPts: null, riskReversal25VolPts: null, butterfly25VolPts: null }
const fit = (rmseVolPts: number) => ({
  model: 'svi',
  rowsQuoted: 40,
  rowsFitted: 38,
  rmseVolPts,
  insideSpread: 0.9,
})
const move = (value: number | null) => ({
  move: value,
  moveShare: value === null ? null : value / 6_500,
  coverage: 0.575,
  reason: value === null ? 'strikes_too_coarse' : null,
})
const moves = (expiry: string, value: number | null) => ({
  expiry,
  days: 1,
  forward: 6_500,
  straddle: move(value),
  oneSigmaByStraddle: move(value),
  oneSigmaByVol: move(value),
})

/** An expiry without a smile, one with a poor one, one with a good one. */
const ANSWER: Volatility = {
  data: {
    spotPrice: 6_500,
    fittedAsOf: null,
    expiries: [
      {
        expiry: '2026-11-20T14:30:00.000Z',
        days: 0.1,
        forward: 6_500.2,
        atmVol: null,
        ...NO_SKEW,
        fit: null,
        flags: [],
        reason: 'too_few_strikes',
      },
      {
        expiry: '2026-11-20T21:00:00.000Z',
        days: 0.4,
        forward: 6_500.3,
        atmVol: 0.131,
        ...NO_SKEW,
        fit: fit(1.4),
        flags: ['POOR_FIT'],
        reason: 'delta_outside_strikes',
      },
      {
        expiry: '2026-11-27T18:00:00.000Z',
        days: 7.2,
        forward: 6_503.5,
        atmVol: 0.14,
        skew25VolPts: 3.2,
        riskReversal25VolPts: -3.2,
        butterfly25VolPts: 0.2,
        fit: fit(0.1),
        flags: [],
        reason: null,
      },
    ],
    expectedMoves: [moves('2026-11-20T14:30:00.000Z', null), moves('2026-11-20T21:00:00.000Z', 18.8)],
    termStructure: { expiry: [], days: [], atmVol: [], forwardVol: [], forwardVolReason: [] },
    slope7To30VolPts: null,
    slope30To90VolPts: null,
    constantMaturities: [],
    averageSkewVolPts: null,
    methods: {},
    units: {},
    reasons: {},
  },
  meta: {
    symbol: 'SPX',
    asOf: '2026-11-20T14:00:00.000Z',
    epoch: 1,
    sequence: 1,
    feed: 'synthetic',
    source: 'test',
    currency: 'USD',
    model: 'M1',
    method: 'gex.local@1',
    quality: { freshness: 'fresh', openInterestCoverage: 1, contracts: 3, priced: 3, flags: [] },
  },
}

describe('a table of volatility', () => {
  const { columns, rows } = volatilityTable(ANSWER, marketZone('USD'))

  test('has every expiry, with a reason where there is no figure', () => {
    expect(rows.map((row) => row.length)).toEqual(rows.map(() => columns.length))
    expect(rows).toEqual([
      ['Nov 20, 2026', '0.1', '6,500.20', '—', '—', '—', '—', 'Too few strikes'],
      [
        'Nov 20, 2026',
        '0.4',
        '6,500.30',
        '13.10 %',
        '—',
        '—',
        '1.40',
        'poor fit, The quoted strikes do not reach 25 delta',
      ],
      ['Nov 27, 2026', '7.2', '6,503.50', '14.00 %', '+3.20', '+0.20', '0.10', ''],
    ])
  })
})

test('figures come from the expiries that have a smile', () => {
  const smiles = smilesOf(ANSWER)
  expect(smiles.map(({ days }) => days)).toEqual([0.4, 7.2])
  expect(flagSummary(smiles)).toBe('1 poor fit')
  expect(medianErrorVolPts(smiles)).toBe(0.75)
  expect(medianErrorVolPts([])).toBeNull()
  expect(frontMove(ANSWER)?.straddle.move).toBe(18.8)
})
