import { expect, test } from 'vitest'
import { gammaProfile } from '../reference/gammaProfile.ts'
import { syntheticChain } from '../reference/syntheticChain.ts'
import { createGammaTerms, fillGammaTerms } from './gammaTerms.ts'
import { netGammaAt } from './netGamma.ts'

const { chain, spot, trueVol, weights } = syntheticChain(21, 600, 12)
chain.vol.set(trueVol)
const terms = createGammaTerms(chain.count)
fillGammaTerms(terms, chain, spot, weights, 0, chain.count)
const out = new Float64Array(2)

test.each([0.7, 0.95, 1, 1.0001, 1.2])('value at %f of spot matches repricing every contract', (ratio) => {
  const hypothetical = ratio * spot
  netGammaAt(terms, 0, chain.count, Math.log(hypothetical), out)
  const [exact] = gammaProfile(chain, spot, weights, [hypothetical])
  const [gross] = gammaProfile(chain, spot, weights.map(Math.abs), [hypothetical])
  const error = Math.abs(0.01 * hypothetical * (out[0] as number) - (exact as number))
  expect(error).toBeLessThan(1e-12 * (gross as number))
})

test('the slope is the derivative of the value', () => {
  const lnSpot = Math.log(0.97 * spot)
  const step = 1e-6
  netGammaAt(terms, 0, chain.count, lnSpot + step, out)
  const above = out[0] as number
  netGammaAt(terms, 0, chain.count, lnSpot - step, out)
  const below = out[0] as number
  netGammaAt(terms, 0, chain.count, lnSpot, out)
  expect((above - below) / (2 * step) / (out[1] as number)).toBeCloseTo(1, 5)
})

test('a row without forward leaves no NaN behind', () => {
  const broken = syntheticChain(22, 20, 2)
  broken.chain.vol.set(broken.trueVol)
  broken.chain.forward[0] = 0
  broken.chain.forward[1] = NaN
  const brokenTerms = createGammaTerms(20)
  fillGammaTerms(brokenTerms, broken.chain, spot, broken.weights, 0, 20)
  netGammaAt(brokenTerms, 0, 20, Math.log(spot), out)
  expect([out[0], Math.abs(out[1] as number)]).toEqual([0, 0])
})
