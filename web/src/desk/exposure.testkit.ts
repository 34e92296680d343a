/** Exposures for tests: a chain where the naive model and its skewed variant disagree with "short everything". */
import { EXPOSURE_GREEKS, type ExposureGreek, type ExposureGreeks } from '#schemas/rest/exposureGreeks'

export function exposureGreeks(fields: Partial<ExposureGreeks> = {}): ExposureGreeks {
  const sides = { call: 3e9, put: -2e9, net: 1e9 }
  const totals = { ...sides, aboveSpot: 1.5e9, belowSpot: -0.5e9 }
  const model = (id: ExposureGreeks['signModels'][number]['id'], netGex: number | null) => ({
    id,
    title: id,
    callGex: netGex,
    putGex: 0,
    netGex,
    reason: netGex === null ? 'no signed flow' : null,
  })
  return {
    greeks: {
      units: { ...byGreek(() => 'USD'), vega: 'USD per +1 volatility point' },
      openInterest: byGreek(() => totals),
      volume: byGreek(() => totals),
    },
    zeroDte: {
      expiries: 1,
      contracts: 4,
      shareOfGamma: 0.4,
      openInterest: byGreek(() => sides),
      volume: byGreek(() => sides),
    },
    signModels: [
      model('M0', 5e9),
      model('M1', 1e9),
      model('M2', -5e9),
      model('M3', -1e9),
      model('M4', null),
      model('M5', null),
      model('M6', 0.5e9),
    ],
    signAgreement: 1 / 3,
    ...fields,
  }
}

function byGreek<T>(of: (greek: ExposureGreek) => T): Record<ExposureGreek, T> {
  const record = {} as Record<ExposureGreek, T>
  for (const greek of EXPOSURE_GREEKS) record[greek] = of(greek)
  return record
}
