import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gammaProfile } from '../reference/gammaProfile.ts'
import { syntheticChain } from '../reference/syntheticChain.ts'
import { addGammaLadder } from './gammaLadder.ts'
import { createGammaTerms, fillGammaTerms } from './gammaTerms.ts'

function ladderOf(lowest: number, highest: number, levels: number) {
  const lnSpot0 = Math.log(lowest)
  const dlnSpot = Math.log(highest / lowest) / (levels - 1)
  const spots = Array.from({ length: levels }, (_, l) => Math.exp(lnSpot0 + l * dlnSpot))
  return { lnSpot0, dlnSpot, spots, out: new Float64Array(levels) }
}

function pricedChain(seed: number, count: number, expiryCount: number) {
  const synthetic = syntheticChain(seed, count, expiryCount)
  synthetic.chain.vol.set(synthetic.trueVol)
  const terms = createGammaTerms(count)
  fillGammaTerms(terms, synthetic.chain, synthetic.spot, synthetic.weights, 0, count)
  return { ...synthetic, terms }
}

function logUniform(low: number, high: number) {
  return fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp)
}

test.each([
  [60, 0.8, 1.2],
  [61, 0.5, 2],
  [120, 0.9, 1.1],
  [241, 0.8, 1.2],
  [7, 0.2, 5],
])('%i levels from %f to %f of spot match repricing every contract at every level', (levels, low, high) => {
  const { chain, spot, weights, terms } = pricedChain(11, 600, 12)
  const { lnSpot0, dlnSpot, spots, out } = ladderOf(low * spot, high * spot, levels)
  addGammaLadder(terms, 0, chain.count, lnSpot0, dlnSpot, out)
  const exact = gammaProfile(chain, spot, weights, spots)
  const gross = gammaProfile(chain, spot, weights.map(Math.abs), spots)
  const scale = Math.max(...gross)
  for (const [l, hypothetical] of spots.entries()) {
    const netGexUsdPer1Pct = 0.01 * hypothetical * (out[l] as number)
    expect(Math.abs(netGexUsdPer1Pct - (exact[l] as number))).toBeLessThan(1e-11 * scale)
  }
})

describe('one contract anywhere, with any volatility and time', () => {
  test('matches its own gamma at every level', () => {
    const { chain, spot } = syntheticChain(12, 1, 1)
    const weights = Float64Array.of(1)
    const terms = createGammaTerms(1)
    fc.assert(
      fc.property(
        logUniform(1e-5, 20),
        logUniform(0.2, 5),
        fc.integer({ min: 1, max: 150 }),
        (totalVol, ratio, levels) => {
          chain.vol[0] = totalVol / Math.sqrt(chain.years[0] as number)
          const { lnSpot0, dlnSpot, spots, out } = ladderOf(
            ratio * 0.7 * spot,
            ratio * 1.4 * spot,
            levels + 1,
          )
          fillGammaTerms(terms, chain, spot, weights, 0, 1)
          addGammaLadder(terms, 0, 1, lnSpot0, dlnSpot, out)
          const peak = terms.amplitude[0] as number
          for (const [l, exact] of gammaProfile(chain, spot, weights, spots).entries()) {
            const height = exact / (0.01 * (spots[l] as number))
            // d1 near the strike carries the rounding of ln S' over σ√T, and the Gaussian's steepest slope is 0.61.
            const tolerance = (1e-11 + 4e-15 / totalVol) * peak
            expect(Math.abs((out[l] as number) - height)).toBeLessThan(tolerance)
          }
        },
      ),
      { seed: 20261120, numRuns: 400 },
    )
  })
})

describe('composition', () => {
  const { chain, spot, terms, weights } = pricedChain(13, 500, 10)
  const { lnSpot0, dlnSpot } = ladderOf(0.8 * spot, 1.2 * spot, 60)
  const whole = new Float64Array(60)
  addGammaLadder(terms, 0, chain.count, lnSpot0, dlnSpot, whole)
  const scale = Math.max(...whole.map(Math.abs))

  test('ranges of expiries add up to the whole', () => {
    const parts = new Float64Array(60)
    for (let e = 0; e < chain.expiryCount; e++)
      addGammaLadder(
        terms,
        chain.expiryStart[e] as number,
        chain.expiryStart[e + 1] as number,
        lnSpot0,
        dlnSpot,
        parts,
      )
    for (const [l, sum] of parts.entries())
      expect(Math.abs(sum - (whole[l] as number))).toBeLessThan(1e-12 * scale)
  })

  test('taking a row out, changing it and putting it back equals a fresh ladder', () => {
    const running = whole.slice()
    chain.vol[40] = 1.1 * (chain.vol[40] as number)
    addGammaLadder(terms, 40, 41, lnSpot0, dlnSpot, running, -1)
    fillGammaTerms(terms, chain, spot, weights, 40, 41)
    addGammaLadder(terms, 40, 41, lnSpot0, dlnSpot, running)
    const fresh = new Float64Array(60)
    addGammaLadder(terms, 0, chain.count, lnSpot0, dlnSpot, fresh)
    for (const [l, level] of fresh.entries())
      expect(Math.abs(level - (running[l] as number))).toBeLessThan(1e-12 * scale)
  })

  test('a call and a put of one strike and volatility count as their sum', () => {
    const lone = pricedChain(15, 1, 1)
    const pair = createGammaTerms(2)
    for (const column of ['invTotalVol', 'peakLnSpot', 'amplitude'] as const)
      pair[column].fill(lone.terms[column][0] as number)
    const out = new Float64Array(60)
    addGammaLadder(pair, 0, 2, lnSpot0, dlnSpot, out)
    const one = new Float64Array(60)
    addGammaLadder(lone.terms, 0, 1, lnSpot0, dlnSpot, one)
    expect(out).toEqual(one.map((level) => 2 * level))
    expect(Math.max(...one)).toBeGreaterThan(0)
  })

  test('flipping every weight flips the profile', () => {
    const flipped = createGammaTerms(chain.count)
    fillGammaTerms(
      flipped,
      chain,
      spot,
      weights.map((w) => -w),
      0,
      chain.count,
    )
    const mirror = new Float64Array(60)
    addGammaLadder(flipped, 0, chain.count, lnSpot0, dlnSpot, mirror)
    const again = new Float64Array(60)
    addGammaLadder(terms, 0, chain.count, lnSpot0, dlnSpot, again)
    expect(mirror).toEqual(again.map((level) => -level))
  })

  test('no volatility, no weight, no time: nothing added', () => {
    const { chain, spot, weights, terms } = pricedChain(14, 30, 3)
    chain.vol.fill(NaN, 0, 5)
    weights.fill(0, 5, 8)
    weights[8] = NaN
    chain.years[1] = 0
    chain.forward[2] = NaN
    fillGammaTerms(terms, chain, spot, weights, 0, 30)
    const out = new Float64Array(60)
    addGammaLadder(terms, 0, 9, lnSpot0, dlnSpot, out)
    addGammaLadder(terms, chain.expiryStart[1] as number, 30, lnSpot0, dlnSpot, out)
    expect(out.every((level) => level === 0)).toBe(true)
  })
})
