import type { Right } from '../pricing/blackScholes.ts'
import type { UnitPut } from './exerciseBoundary.ts'
import type { UnitPremium } from './exercisePremium.ts'

export interface OptionTerms {
  readonly spot: number
  readonly strike: number
  readonly years: number
  readonly rate: number
  readonly dividendYield: number
  readonly vol: number
  readonly right: Right
}

/** What early exercise adds to a European option and to its sensitivities, in the units of `pricing/blackScholes.ts`. */
export interface OptionPremium {
  price: number
  delta: number
  gamma: number
  vega: number
  theta: number
  vanna: number
  charm: number
}

/** The unit put an option is a scaled copy of: itself, or for a call the put with spot and strike exchanged. */
export function unitPutOf({ years, rate, dividendYield, vol, right }: OptionTerms): UnitPut {
  const isPut = right === 'put'
  return {
    rateTime: (isPut ? rate : dividendYield) * years,
    yieldTime: (isPut ? dividendYield : rate) * years,
    totalVol: vol * Math.sqrt(years),
  }
}

/**
 * Scales a unit premium to an option: put = K·p(ln S/K), call = S·p(ln K/S). Theta and charm follow from the equation
 * premium and option both satisfy where holding is right, θ = r·e − (r − q)·S·e' − ½σ²S²·e'', and its slope in spot.
 */
export function scalePremium(unit: UnitPremium, option: OptionTerms, out: OptionPremium): void {
  const { spot, strike, years, rate, dividendYield, vol, right } = option
  const rootYears = Math.sqrt(years)
  const { value, byY, byYY, byYYY, byV, byYV } = unit
  let speed: number
  if (right === 'put') {
    const x = strike / spot
    out.price = strike * value
    out.delta = x * byY
    out.gamma = (x * (byYY - byY)) / spot
    speed = (x * (byYYY - 3 * byYY + 2 * byY)) / (spot * spot)
    out.vega = strike * rootYears * byV
    out.vanna = x * rootYears * byYV
  } else {
    out.price = spot * value
    out.delta = value - byY
    out.gamma = (byYY - byY) / spot
    speed = (byY - byYYY) / (spot * spot)
    out.vega = spot * rootYears * byV
    out.vanna = rootYears * (byV - byYV)
  }
  const { price, delta, gamma } = out
  const carry = rate - dividendYield
  const variance = vol * vol
  const spotGamma = spot * gamma
  out.theta = rate * price - carry * spot * delta - 0.5 * variance * spot * spotGamma
  out.charm =
    rate * delta - carry * (delta + spotGamma) - variance * spotGamma - 0.5 * variance * spot * spot * speed
}
