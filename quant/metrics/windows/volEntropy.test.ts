import { describe, expect, test } from 'vitest'
import { SAMPLE_MARKET, sampleContracts, sampleForward } from '../../chain/sampleChain.ts'
import { black76 } from '../../pricing/black76.ts'
import { explainSample } from '../explainSample.ts'
import { sampleView } from '../sampleView.ts'

const read = (name: string, contracts = sampleContracts()) => explainSample(`volEntropy.${name}`, contracts)

/** Probability of settling below `strike`, from two option prices a hair apart: no density, no fit. */
function below(strike: number, days: number): number {
  const years = days / 365
  const put = (at: number): number =>
    black76({
      forward: sampleForward(SAMPLE_MARKET, days),
      strike: at,
      years,
      discount: 1,
      vol: SAMPLE_MARKET.vol(at, days),
      right: 'put',
    })
  return (put(strike + 0.01) - put(strike - 0.01)) / 0.02
}

interface Density {
  readonly edges: readonly number[]
  readonly probabilities: readonly number[]
}

describe('the distribution of the expiry nearest 30 days', () => {
  const { edges, probabilities } = read('densityMonth').value as Density

  test('is the slope of put prices in strike', () => {
    for (const [i, probability] of probabilities.entries()) {
      const expected = below(edges[i + 1] as number, 36) - below(edges[i] as number, 36)
      expect(Math.abs(probability - expected)).toBeLessThan(2e-3)
    }
  })

  test('has the entropy of its bins', () => {
    const total = probabilities.reduce((sum, p) => sum + p, 0)
    const bits = probabilities.reduce((sum, p) => (p > 0 ? sum - (p / total) * Math.log2(p / total) : sum), 0)
    expect(read('shannonMonth').value).toBeCloseTo(bits, 9)
    expect(read('normalisedMonth').value).toBeCloseTo(bits / Math.log2(40), 9)
    expect(read('deltaBitsMonth').value).toBeCloseTo(bits - 4.051, 3)
  })

  test('lists its bins, likeliest first, and the smile it is read from', () => {
    const { contributions, inputs } = read('shannonMonth').evidence
    expect(contributions?.items.map(({ amount }) => amount)).toEqual(probabilities.toSorted((a, b) => b - a))
    const days = inputs.find(({ name }) => name === 'time to settlement')?.value as number
    expect(days).toBeCloseTo(36, 6)
  })
})

test('a flat smile is as spread out as its lognormal', () => {
  const flat = sampleContracts({ vol: () => 0.15 })
  expect(read('deltaBitsMonth', flat).value).toBeCloseTo(0, 2)
  expect(read('ivEntropyMonth', flat).value).toBeCloseTo(1, 6)
  expect(read('ivEntropyMonth').value).toBeLessThan(1)
})

test('without a month the front expiry is both', () => {
  const front = sampleContracts({ days: [8] })
  expect(read('shannon', front).value).toBe(read('shannonMonth', front).value)
})

test('gamma is spread over as many strikes as its entropy says', () => {
  const { engine, analytics } = sampleView()
  const { chain } = engine
  const byStrike = new Map<number, number>()
  for (let row = 0; row < chain.count && analytics.coverage.priced > 0; row++) {
    const gamma = (chain.gamma[row] as number) * (chain.openInterest[row] as number)
    const strike = chain.strike[row] as number
    if (gamma > 0) byStrike.set(strike, (byStrike.get(strike) ?? 0) + gamma)
  }
  const total = [...byStrike.values()].reduce((sum, gamma) => sum + gamma, 0)
  const nats = [...byStrike.values()].reduce(
    (sum, gamma) => sum - (gamma / total) * Math.log(gamma / total),
    0,
  )
  const { value, evidence } = read('gammaEffectiveStrikes')
  expect(value).toBeCloseTo(Math.exp(nats), 9)
  expect(read('gammaEntropy').value).toBeCloseTo(nats / Math.log(byStrike.size), 9)
  const [first] = [...byStrike].toSorted((a, b) => b[1] - a[1])
  const [most] = evidence.contributions?.items ?? []
  expect(most?.name).toBe(String(first?.[0]))
  expect(most?.amount).toBeCloseTo((first?.[1] ?? 0) / total, 9)
})

test.each([
  ['no quotes', sampleContracts({ halfSpread: -1 }), 'no expiry has a fitted smile'],
  ['no contracts', [], 'no expiry has a fitted smile'],
])('%s: null with a reason', (_, contracts, reason) => {
  for (const name of ['shannon', 'deltaBits', 'ivEntropy', 'density', 'shannonMonth'])
    expect(read(name, contracts)).toMatchObject({ value: null, reason, quality: 0 })
})

test('no open interest: a distribution, and no gamma to spread', () => {
  const unowned = sampleContracts({ openInterest: () => 0 })
  expect(read('shannon', unowned).value).toBeGreaterThan(3)
  expect(read('gammaEffectiveStrikes', unowned)).toMatchObject({ value: null, reason: 'no open interest' })
})
