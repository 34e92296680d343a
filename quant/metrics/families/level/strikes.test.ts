import { describe, expect, test } from 'vitest'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../../../chain/sampleChain.ts'
import { explainSample } from '../../explainSample.ts'
import { sampleView, type SampleInstant } from '../../sampleView.ts'

const { spot } = SAMPLE_MARKET
/** A volume peak of its own. */
const CONTRACTS = sampleContracts().map((contract) => ({
  ...contract,
  volume: contract.strike === 5725 ? 5000 : 10,
}))
const read = (name: string, contracts = CONTRACTS, instant: SampleInstant = {}) =>
  explainSample(`level.${name}`, contracts, instant)

/** A figure per contract, summed by strike. */
function byStrike(figure: (row: number, isCall: boolean) => number): Map<number, number> {
  const { chain } = sampleView(CONTRACTS).engine
  const sums = new Map<number, number>()
  for (let row = 0; row < chain.count; row++) {
    const amount = figure(row, chain.callSign[row] === 1)
    const strike = chain.strike[row] as number
    if (!Number.isNaN(amount)) sums.set(strike, (sums.get(strike) ?? 0) + amount)
  }
  return sums
}

function argmax(
  sums: Map<number, number>,
  keep: (strike: number) => boolean = () => true,
): number | undefined {
  return [...sums].filter(([strike]) => keep(strike)).toSorted((a, b) => b[1] - a[1])[0]?.[0]
}

const { chain } = sampleView(CONTRACTS).engine
const gamma = (row: number): number =>
  (chain.gamma[row] as number) * (chain.openInterest[row] as number) * 100 * spot * spot * 0.01
const open = (row: number): number => chain.openInterest[row] as number
const sideGamma = (side: 'call' | 'put') =>
  byStrike((row, isCall) => (isCall === (side === 'call') ? gamma(row) : 0))
const netGamma = (sign: 1 | -1) => byStrike((row, isCall) => (isCall ? sign : -sign) * gamma(row))
const sideOpen = (side: 'call' | 'put') =>
  byStrike((row, isCall) => (isCall === (side === 'call') ? open(row) : 0))

describe('walls', () => {
  test.each([
    ['callWall', argmax(sideGamma('call'), (strike) => strike >= spot)],
    ['putWall', argmax(sideGamma('put'), (strike) => strike <= spot)],
    ['callWallAnySide', argmax(sideGamma('call'))],
    ['putWallAnySide', argmax(sideGamma('put'))],
    ['callWallNet', argmax(netGamma(1))],
    ['putWallNet', argmax(netGamma(-1))],
    ['callWallOi', argmax(sideOpen('call'))],
    ['putWallOi', argmax(sideOpen('put'))],
  ])('%s is the strike its definition says, and the first candidate', (name, expected) => {
    const { value, evidence } = read(name)
    expect(value).toBe(expected)
    expect(evidence.contributions).toMatchObject({ kind: 'ranking' })
    expect(evidence.contributions?.items[0]?.name).toBe(String(value))
  })

  test('strength is the amount there and its share of the side', () => {
    const calls = sideGamma('call')
    const total = [...calls.values()].reduce((sum, amount) => sum + amount, 0)
    const wall = read('callWall').value as number
    const { size, shareOfSide } = read('callWallStrength').value as { size: number; shareOfSide: number }
    expect(size / (calls.get(wall) ?? 0)).toBeCloseTo(1, 8)
    expect(shareOfSide).toBeCloseTo((calls.get(wall) ?? 0) / total, 8)
    expect(read('callWallStrength').evidence.contributions?.items[0]).toMatchObject({
      amount: size,
      inputs: { share: shareOfSide },
    })
  })

  test('distances are from spot', () => {
    const closeMs = SAMPLE_NOW_MS + 3_600_000
    const session = { openMs: SAMPLE_NOW_MS - 3_600_000, closeMs }
    const wall = read('putWall').value as number
    expect(read('putWallDistance').value).toBe(wall - spot)
    expect(read('putWallDistancePct').value).toBeCloseTo(100 * (wall / spot - 1), 9)
    const sigma = 0.14 * Math.sqrt(1 / (24 * 365))
    expect(read('putWallDistanceSigmas', CONTRACTS, { session }).value).toBeCloseTo(
      (wall / spot - 1) / sigma,
      1,
    )
    expect(read('putWallDistanceSigmas')).toMatchObject({ value: null, reason: 'the session is not known' })
  })
})

test.each([
  ['absoluteGammaStrike', argmax(byStrike(gamma))],
  ['highVolumeStrike', 5725],
  [
    'volumeGammaStrike',
    argmax(byStrike((row) => (chain.gamma[row] as number) * (chain.volume[row] as number))),
  ],
])('%s is the largest of its kind, and the first candidate', (name, expected) => {
  const { value, evidence } = read(name)
  expect(value).toBe(expected)
  expect(evidence.contributions?.items[0]?.name).toBe(String(value))
})

test('the front magnet is the first of its candidates that is near the money', () => {
  const { value, evidence } = read('frontMagnet')
  const { analytics } = sampleView(CONTRACTS)
  expect(value).toBe(analytics.magnetStrike)
  expect(evidence.contributions?.items.map(({ name }) => name)).toContain(String(value))
})

test.each([
  ['no open interest', sampleContracts({ openInterest: () => 0 }), 'no open interest'],
  ['no quotes', sampleContracts({ halfSpread: -1, openInterest: () => 0 }), 'no contract has a volatility'],
  ['no contracts', [], 'every contract has settled'],
])('%s: null with a reason', (_, contracts, reason) => {
  for (const name of ['callWall', 'putWallNet', 'callWallOi', 'callWallStrength', 'absoluteGammaStrike'])
    expect(read(name, contracts)).toMatchObject({ value: null, reason })
})

test('no trading: no strike of it', () => {
  const quiet = CONTRACTS.map((contract) => ({ ...contract, volume: 0 }))
  for (const name of ['highVolumeStrike', 'volumeGammaStrike'])
    expect(read(name, quiet)).toMatchObject({ value: null, reason: 'no contract has traded this session' })
})
