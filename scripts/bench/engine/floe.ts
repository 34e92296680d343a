import {
  calculateGammaVannaCharmExposures,
  calculateGreeks,
  calculateImpliedVolatility,
  type ExposureVariantsPerExpiry,
  type OptionChain,
} from '@fullstackcraftllc/floe'
import type { WholeChain, PlainContract } from './contracts.ts'

/** @fullstackcraftllc/floe: the TypeScript library that does most of what this engine does, one object a contract. */
export function floeGreeks(
  contract: PlainContract,
  spot = contract.spot,
): ReturnType<typeof calculateGreeks> {
  return calculateGreeks({
    spot,
    strike: contract.strike,
    timeToExpiry: contract.years,
    volatility: contract.vol,
    riskFreeRate: contract.rate,
    dividendYield: contract.dividendYield,
    optionType: contract.right,
  })
}

/** Implied volatility as a fraction. */
export function floeVol({ price, spot, strike, rate, dividendYield, years, right }: PlainContract): number {
  return calculateImpliedVolatility(price, spot, strike, rate, dividendYield, years, right) / 100
}

export interface FloeChain {
  readonly chain: OptionChain
  readonly contracts: readonly PlainContract[]
  readonly asOfMs: number
}

export function floeChain({ contracts, spot, asOfMs }: WholeChain): FloeChain {
  const [first] = contracts
  const options = contracts.map((contract) => {
    const expirationTimestamp = asOfMs + Math.round(contract.years * 365 * 86_400_000)
    return {
      occSymbol: `SPX${contract.row}`,
      underlying: 'SPX',
      strike: contract.strike,
      expiration: new Date(expirationTimestamp).toISOString(),
      expirationTimestamp,
      optionType: contract.right,
      bid: contract.price,
      bidSize: 1,
      ask: contract.price,
      askSize: 1,
      mark: contract.price,
      last: contract.price,
      volume: 0,
      openInterest: Math.abs(contract.weight),
      impliedVolatility: contract.vol,
      timestamp: asOfMs,
    }
  })
  const rates = { riskFreeRate: first?.rate ?? 0, dividendYield: first?.dividendYield ?? 0 }
  return { chain: { symbol: 'SPX', spot, ...rates, options }, contracts, asOfMs }
}

/** Gamma, vanna and charm exposures from volatilities already known. It does no zero gamma and no profile. */
export function floeExposures({ chain, asOfMs }: FloeChain): ExposureVariantsPerExpiry[] {
  return calculateGammaVannaCharmExposures(chain, [], { asOfTimestamp: asOfMs })
}

/** Implied volatilities, then exposures. */
export function floeRecompute(floe: FloeChain): ExposureVariantsPerExpiry[] {
  for (const [i, option] of floe.chain.options.entries())
    option.impliedVolatility = floeVol(floe.contracts[i] as PlainContract)
  return floeExposures(floe)
}
