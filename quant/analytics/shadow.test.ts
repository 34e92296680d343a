import { expect, test } from 'vitest'
import { analyse, engineOf } from '../analytics.ts'
import { SAMPLE_MARKET, SAMPLE_NOW_MS, sampleContracts } from '../chain/sampleChain.ts'
import { applySpot } from './incremental.ts'
import { measureAll, moveSpot, putQuote, reprice, type Engine } from './engine.ts'
import { shadowOf } from './shadow.ts'

const EXERCISES = ['european', 'american'] as const

function priced(exercise: (typeof EXERCISES)[number]): Engine {
  const engine = engineOf(sampleContracts({ days: [8, 120] }), { exercise })
  reprice(engine, SAMPLE_MARKET.spot, SAMPLE_NOW_MS)
  measureAll(engine)
  return engine
}

/** Everything but the options, which nothing writes, and the boundary tables, which hold scratch. */
function stateOf({ premiums, ...engine }: Engine): unknown {
  return structuredClone({
    ...engine,
    options: null,
    premiums: premiums === null ? null : { ...premiums, tables: [] },
  })
}

test.each(EXERCISES)('a shadow analyses as its %s engine does, also after that has moved on', (exercise) => {
  const engine = priced(exercise)
  expect(analyse(shadowOf(engine))).toEqual(analyse(engine))
  applySpot(engine, SAMPLE_MARKET.spot * 1.0005)
  engine.chain.openInterest[10] = 12_345
  measureAll(engine)
  expect(analyse(shadowOf(engine))).toEqual(analyse(engine))
})

test.each(EXERCISES)('nothing done to a shadow reaches its %s engine', (exercise) => {
  const engine = priced(exercise)
  const before = stateOf(engine)
  const shadow = shadowOf(engine)
  for (let row = 0; row < shadow.chain.count; row++) {
    putQuote(shadow, row, 10 + row, 11 + row)
    shadow.chain.openInterest[row] = row
    shadow.chain.volume[row] = row
    shadow.signedFlow[row] = row
  }
  reprice(shadow, 5000, SAMPLE_NOW_MS + 3_600_000)
  moveSpot(shadow, 5100)
  analyse(shadow)
  expect(stateOf(engine)).toEqual(before)
})

test('an engine keeps one shadow, another engine has another', () => {
  const engine = priced('european')
  expect(shadowOf(engine)).toBe(shadowOf(engine))
  expect(shadowOf(priced('european'))).not.toBe(shadowOf(engine))
})
