import type { MarketProfile } from './profiles.ts'
import type { Random } from './Random.ts'

const MS_PER_YEAR = 365 * 86_400_000
/**
 * The invented market never closes, but people expect it to move as it does in session: a calendar day must carry
 * the variance of many sessions. 252 sessions of 6.5 hours are 0.187 of a year, so one real second counts 5.3.
 */
const SESSION_TIME = 1 / 0.187
/** Pulls ln spot to its starting level, per year of session time, so that a long run stays on the listed strikes. */
const LEVEL_REVERSION = 4

/**
 * Spot with mean-reverting stochastic variance (S. Heston, "A closed-form solution for options with stochastic
 * volatility", 1993), by full-truncation Euler steps (R. Lord et al., 2010).
 */
export class SpotProcess {
  readonly #profile: MarketProfile
  readonly #random: Random
  #lnSpot: number
  #variance: number

  constructor(profile: MarketProfile, random: Random) {
    this.#profile = profile
    this.#random = random
    this.#lnSpot = Math.log(profile.spot)
    this.#variance = profile.variance.startVol ** 2
  }

  get spot(): number {
    return Math.exp(this.#lnSpot)
  }

  /** Instantaneous variance, annualised. */
  get variance(): number {
    return this.#variance
  }

  /** `activity` scales the variance of this step: busy mornings, quiet nights. */
  advance(elapsedMs: number, activity: number): void {
    const { longRunVol, reversion, volOfVol, correlation } = this.#profile.variance
    const years = (elapsedMs / MS_PER_YEAR) * SESSION_TIME * activity
    const root = Math.sqrt(Math.max(this.#variance, 0) * years)
    const spotShock = this.#random.normal()
    const varianceShock =
      correlation * spotShock + Math.sqrt(1 - correlation * correlation) * this.#random.normal()
    const pull = LEVEL_REVERSION * (Math.log(this.#profile.spot) - this.#lnSpot)
    this.#lnSpot += (pull - 0.5 * this.#variance) * years + root * spotShock
    const drift = reversion * (longRunVol ** 2 - this.#variance) * years
    // A volatility below half its long-run level is not believable for long; the floor keeps the smile alive.
    this.#variance = Math.max(
      this.#variance + drift + volOfVol * root * varianceShock,
      0.25 * longRunVol ** 2,
    )
  }
}
