import { createRequire } from 'node:module'
import type { PlainContract } from './contracts.ts'

/**
 * npm black-scholes, greeks and implied-volatility, one family by one author: the normal distribution is a series of a
 * hundred terms, so these are timed on few contracts. No dividend, so spot is given net of it.
 */
type Right = PlainContract['right']
type Sensitivity = (spot: number, strike: number, years: number, vol: number, rate: number) => number
type SidedSensitivity = (...args: [...Parameters<Sensitivity>, Right]) => number

interface Greeks {
  readonly getDelta: SidedSensitivity
  readonly getGamma: Sensitivity
  readonly getVega: Sensitivity
  readonly getTheta: SidedSensitivity
  readonly getRho: SidedSensitivity
}

interface ImpliedVolatility {
  readonly getImpliedVolatility: (
    price: number,
    spot: number,
    strike: number,
    years: number,
    rate: number,
    right: Right,
  ) => number
}

const require = createRequire(import.meta.url)
const { blackScholes } = require('black-scholes') as { blackScholes: SidedSensitivity }
const { getDelta, getGamma, getVega, getTheta, getRho } = require('greeks') as Greeks
const { getImpliedVolatility } = require('implied-volatility') as ImpliedVolatility

/** Price and the five greeks it has. */
export function seriesGreeks(contract: PlainContract) {
  const { strike, years, vol, rate, right } = contract
  const spot = spotNetOfDividend(contract)
  return {
    price: blackScholes(spot, strike, years, vol, rate, right),
    delta: getDelta(spot, strike, years, vol, rate, right),
    gamma: getGamma(spot, strike, years, vol, rate),
    vega: getVega(spot, strike, years, vol, rate),
    theta: getTheta(spot, strike, years, vol, rate, right),
    rho: getRho(spot, strike, years, vol, rate, right),
  }
}

export function seriesVol(contract: PlainContract): number {
  const { price, strike, years, rate, right } = contract
  return getImpliedVolatility(price, spotNetOfDividend(contract), strike, years, rate, right)
}

function spotNetOfDividend({ spot, dividendYield, years }: PlainContract): number {
  return spot * Math.exp(-dividendYield * years)
}
