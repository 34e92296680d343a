import { averageHigherGreeks } from '../averaging/averagedExpiry.ts'
import type { Chain } from '../chain/chain.ts'
import { lnRatio } from '../math/lnRatio.ts'
import { normalPdf } from '../math/normal.ts'

/** Per row, in the units of `pricing/blackScholes.ts`; NaN where the row has no volatility or has settled. */
export interface HigherGreeks {
  readonly volga: Float64Array
  readonly speed: Float64Array
  readonly zomma: Float64Array
  readonly colour: Float64Array
}

/**
 * Sensitivities beyond those of `greeks.ts`, European, at the chain's volatilities. Asked for now and then, so exactness
 * comes before speed: the logarithm is that of the ratio, which keeps strikes near the money right in the last hour.
 */
export function higherGreeks(chain: Chain, spot: number): HigherGreeks {
  const column = (): Float64Array => new Float64Array(chain.count).fill(Number.NaN)
  const out = { volga: column(), speed: column(), zomma: column(), colour: column() }
  for (let e = 0; e < chain.expiryCount; e++) {
    if (!((chain.years[e] as number) > 0)) continue
    fillExpiry(chain, spot, e, out)
    if (chain.spotShare[e] !== 1) averageHigherGreeks(chain, e, out)
  }
  return out
}

function fillExpiry(chain: Chain, spot: number, e: number, out: HigherGreeks): void {
  const { strike, vol, partner, expiryStart } = chain
  const { volga, speed, zomma, colour } = out
  const years = chain.years[e] as number
  const forward = chain.forward[e] as number
  const rootYears = Math.sqrt(years)
  const carryFactor = (forward * (chain.discount[e] as number)) / spot
  const carry = lnRatio(forward, spot) / years
  const dividendYield = -Math.log(carryFactor) / years
  const end = expiryStart[e + 1] as number
  for (let i = expiryStart[e] as number; i < end; i++) {
    const sigma = vol[i] as number
    const totalVol = sigma * rootYears
    const lnForwardOverStrike = lnRatio(forward, strike[i] as number)
    const d1 = lnForwardOverStrike / totalVol + 0.5 * totalVol
    const d1d2 = d1 * (d1 - totalVol)
    const density = carryFactor * normalPdf(d1)
    const gamma = density / (spot * totalVol)
    volga[i] = (spot * density * rootYears * d1d2) / sigma
    speed[i] = (-gamma / spot) * (d1 / totalVol + 1)
    zomma[i] = (gamma * (d1d2 - 1)) / sigma
    colour[i] = gamma * (dividendYield + (carry * d1) / totalVol + (0.5 * (1 - d1d2)) / years)
    if (partner[i] !== i + 1 || vol[i + 1] !== sigma) continue
    // None of the four knows call from put.
    volga[i + 1] = volga[i] as number
    speed[i + 1] = speed[i] as number
    zomma[i + 1] = zomma[i] as number
    colour[i + 1] = colour[i] as number
    i++
  }
}
