import { describe, expect, test } from 'vitest'
import { signInputs } from '../../../analytics/engine.ts'
import { SAMPLE_NOW_MS, sampleContracts, type SampleMarket } from '../../../chain/sampleChain.ts'
import type { FlipMethodId } from '../../../levels/flipVariants.ts'
import { levelVariants } from '../../../levels/levelVariants.ts'
import { explainSample } from '../../explainSample.ts'
import { sampleView, type SampleInstant } from '../../sampleView.ts'

const METHODS: readonly FlipMethodId[] = ['F1', 'F2up', 'F2down', 'F3', 'F4']
const SETS = { all: 'All', within90d: 'Within90d', first4: 'First4', front: 'Front' }
const NAMES = METHODS.flatMap((method) => Object.values(SETS).map((set) => `flip${method}${set}`))

/** More volume in calls than in puts at low strikes, so that flips by volume are elsewhere. */
const CONTRACTS = sampleContracts().map((contract) => ({
  ...contract,
  volume: Math.round(contract.openInterest / (contract.right === 'call' ? 3 : 7)),
}))
const read = (name: string, contracts = CONTRACTS, instant: SampleInstant = {}) =>
  explainSample(`level.${name}`, contracts, instant)

describe('under the naive model every definition agrees with the level variants', () => {
  const { engine, analytics } = sampleView(CONTRACTS)
  const variants = levelVariants(engine, signInputs(engine)).flips
  test.each(variants.map(({ flip, expirySet, nearest, status }) => ({ flip, expirySet, nearest, status })))(
    '$flip over $expirySet',
    ({ flip, expirySet, nearest, status }) => {
      const { value, evidence } = read(`flip${flip}${SETS[expirySet as keyof typeof SETS]}`)
      expect(evidence.inputs).toContainEqual(expect.objectContaining({ name: 'status', value: status }))
      // One ladder is the engine's own, a run of it, and the other made anew: they may differ in rounding.
      expect(value === null).toBe(nearest === null)
      expect((value ?? 0) as number).toBeCloseTo(nearest ?? 0, 2)
    },
  )
  test('and the canonical one is the one of frames', () => {
    expect(read('flipF1All').value).toBe(analytics.flips.all.nearest)
    expect(read('flipF4All').value).not.toBe(analytics.flips.all.nearest)
  })
})

test('evidence of a ladder cancels at the flip; of strikes it ranks the crossings', () => {
  const ladder = read('flipF1First4').evidence.contributions
  expect(ladder?.kind).toBe('terms')
  expect(Math.abs(ladder?.total ?? Number.NaN)).toBeLessThan(1e-4 * Math.abs(ladder?.items[0]?.amount ?? 0))
  const strikes = read('flipF3All').evidence.contributions
  expect(strikes?.kind).toBe('ranking')
  expect(strikes?.items[0]?.inputs['lowStrike']).toBeLessThan(
    strikes?.items[0]?.inputs['highStrike'] as number,
  )
})

test('stale inputs name no level by any definition', () => {
  for (const name of NAMES)
    expect(read(name, CONTRACTS, { isStale: true })).toMatchObject({
      value: null,
      reason: expect.stringMatching(/^stale/),
    })
})

const DEAD: readonly (readonly [string, Partial<SampleMarket>, SampleInstant])[] = [
  ['no quotes', { halfSpread: -1 }, {}],
  ['no contracts', { strikes: [] }, {}],
  ['all settled', {}, { nowMs: SAMPLE_NOW_MS + 400 * 86_400_000 }],
]
test.each(DEAD)('%s: null with a reason', (_, changes, instant) => {
  for (const name of NAMES)
    expect(read(name, sampleContracts(changes), instant)).toMatchObject({
      value: null,
      reason: expect.stringMatching(/^no_data/),
    })
})
