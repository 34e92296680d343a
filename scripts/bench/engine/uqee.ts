import { BlackScholes, type Option } from '@uqee/black-scholes'
import type { PlainContract } from './contracts.ts'

/** @uqee/black-scholes, the fastest plain library on npm; it has no dividend, so spot is given net of it. */
const SETTINGS = {
  sigmaToPricePrecision: 'double',
  priceToSigmaAccuracy: 1e-9,
  priceToSigmaBRight: 6,
  priceToSigmaNRIteractions: 50,
} as const
const newton = new BlackScholes({ ...SETTINGS, priceToSigmaMethod: 'newton-raphson' })
const bisection = new BlackScholes({ ...SETTINGS, priceToSigmaMethod: 'bisection' })

function argumentsOf({ rate, strike, years, right, spot, dividendYield }: PlainContract) {
  return { rate, strike, time: years, type: right, underlying: spot * Math.exp(-dividendYield * years) }
}

/** Price, delta, gamma, vega, theta, rho. */
export function uqeeGreeks(contract: PlainContract): Option {
  return newton.option({ ...argumentsOf(contract), sigma: contract.vol })
}

export function uqeeVol(contract: PlainContract, method: 'newton' | 'bisection'): number {
  const solver = method === 'newton' ? newton : bisection
  return solver.sigma({ ...argumentsOf(contract), price: contract.price })
}
