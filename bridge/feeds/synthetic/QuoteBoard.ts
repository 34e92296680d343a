import { black76 } from '#quant/pricing/black76'
import { yearsToExpiry } from '#quant/contracts/yearsToExpiry'
import type { QuoteTick } from '#schemas/tick'
import { atTheMoneyVol, impliedVolatility } from './impliedVolatility.ts'
import type { MarketProfile } from './profiles.ts'
import { quoteAround, type TwoSided } from './quoteAround.ts'
import { hash32 } from './Random.ts'
import type { Series } from './series.ts'

export interface MarketMoment {
  readonly spot: number
  readonly variance: number
  readonly nowMs: number
  /** Number of the step: decides whose turn it is. */
  readonly step: number
}

/** The standing quotes of all contracts, by contract id. */
export class QuoteBoard {
  readonly #profile: MarketProfile
  readonly #quotes: QuoteTick[] = []

  constructor(profile: MarketProfile) {
    this.#profile = profile
  }

  quote(contractId: number): QuoteTick | undefined {
    return this.#quotes[contractId]
  }

  /** Reprices the contracts whose turn it is (`everyone`: all of them) and returns the quotes that changed. */
  requote(series: Series, moment: MarketMoment, everyone: boolean): QuoteTick[] {
    const { rate, dividendYield } = this.#profile
    const years = yearsToExpiry(series.expiry.expiryMs, moment.nowMs)
    if (years === 0) return []
    const forward = moment.spot * Math.exp((rate - dividendYield) * years)
    const discount = Math.exp(-rate * years)
    const atmVol = atTheMoneyVol(this.#profile, moment.variance, years)
    const deviation = atmVol * Math.sqrt(years)
    const changed: QuoteTick[] = []
    for (let i = 0; i < series.strikes.length; i++) {
      const strike = series.strikes[i] as number
      const x = Math.log(strike / forward)
      if (!everyone && (moment.step + 7 * i) % stepsBetweenQuotes(Math.abs(x) / deviation, years) !== 0)
        continue
      const vol = impliedVolatility(this.#profile, atmVol, x, years)
      const right = strike >= forward ? 'call' : 'put'
      const outOfTheMoney = black76({ forward, strike, years, discount, vol, right })
      const inTheMoney = outOfTheMoney + discount * Math.abs(forward - strike)
      const [call, put] = right === 'call' ? [outOfTheMoney, inTheMoney] : [inTheMoney, outOfTheMoney]
      this.#put(series.firstId + 2 * i, quoteAround(this.#profile, call, years), moment, changed)
      this.#put(series.firstId + 2 * i + 1, quoteAround(this.#profile, put, years), moment, changed)
    }
    return changed
  }

  #put(contractId: number, { bid, ask }: TwoSided, moment: MarketMoment, changed: QuoteTick[]): void {
    const held = this.#quotes[contractId]
    if (held && held.bid === bid && held.ask === ask) return
    const bits = hash32(contractId, moment.step)
    const quote: QuoteTick = {
      kind: 'quote',
      contractId,
      bid,
      ask,
      bidSize: bid === null ? 0 : 1 + (bits & 127),
      askSize: 1 + ((bits >>> 8) & 127),
      eventMs: moment.nowMs,
      missing: bid === null ? 'no_bid' : 'none',
    }
    this.#quotes[contractId] = quote
    changed.push(quote)
  }
}

/** Market makers follow the money closely, the wings and the far dates now and then. */
function stepsBetweenQuotes(deviations: number, years: number): number {
  if (deviations > 4) return 64
  if (deviations > 1.5) return 16
  if (years < 3 / 365) return 1
  return years < 30 / 365 ? 4 : 8
}
