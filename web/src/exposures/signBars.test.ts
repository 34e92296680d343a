import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SIGN_MODEL_IDS } from '#schemas/rest/exposureGreeks'
import { exposureGreeks } from '../desk/exposure.testkit.ts'
import { agreementText, signBars } from './signBars.ts'

test('the product’s own model comes first, gamma without direction last, the longest bar is full', () => {
  const { bars } = signBars(exposureGreeks().signModels)
  expect(bars).toEqual([
    { id: 'M1', netGex: 1e9, tone: 'positive', length: 0.2 },
    { id: 'M2', netGex: -5e9, tone: 'negative', length: 1 },
    { id: 'M3', netGex: -1e9, tone: 'negative', length: 0.2 },
    { id: 'M6', netGex: 0.5e9, tone: 'positive', length: 0.1 },
    { id: 'M0', netGex: 5e9, tone: 'none', length: 1 },
  ])
})

test('models that do not apply stand apart with their reason', () => {
  const { inapplicable } = signBars(exposureGreeks().signModels)
  expect(inapplicable).toEqual([
    { id: 'M4', reason: 'no signed flow' },
    { id: 'M5', reason: 'no signed flow' },
  ])
})

test('every model is shown once, and no bar is longer than full', () => {
  const nets = fc.array(fc.option(fc.double({ noNaN: true, min: -1e15, max: 1e15 })), {
    minLength: SIGN_MODEL_IDS.length,
    maxLength: SIGN_MODEL_IDS.length,
  })
  fc.assert(
    fc.property(nets, (values) => {
      const models = exposureGreeks().signModels.map((model, i) => ({ ...model, netGex: values[i] ?? null }))
      const { bars, inapplicable } = signBars(models)
      expect([...bars, ...inapplicable].map(({ id }) => id).sort()).toEqual([...SIGN_MODEL_IDS])
      for (const { length } of bars) expect(length >= 0 && length <= 1).toBe(true)
    }),
  )
})

test('agreement is said in words', () => {
  expect([1, 0, 1 / 3].map((score) => agreementText(score).split(':')[0])).toEqual([
    'Every assumption with a vote gives the same sign.',
    'The assumptions are evenly split',
    'The assumptions disagree',
  ])
})
