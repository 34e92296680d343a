import { EXCHANGE_CALENDARS } from '../calendar/exchangeCalendars.ts'
import type { RootSpec } from '../contracts/rootMaster.ts'
import type { EngineOptions } from './engine.ts'

/** Price steps of the options, which decide when a spread is too wide to mean anything. */
const INDEX_PRICE_INCREMENT = 0.05
const SHARE_PRICE_INCREMENT = 0.01
/** Rates used for expiries whose own prices imply none. */
const FALLBACK_RATES = { USD: 0.04, INR: 0.065 } as const

/** How an engine values contracts of these terms. */
export function termOptions({
  class: kind,
  exercise,
  currency,
  calendar,
}: RootSpec): Pick<EngineOptions, 'exercise' | 'priceIncrement' | 'fallbackRate' | 'timeZone'> {
  const isIndex = kind === 'index' || kind === 'volatility_index'
  return {
    exercise,
    priceIncrement: isIndex ? INDEX_PRICE_INCREMENT : SHARE_PRICE_INCREMENT,
    fallbackRate: FALLBACK_RATES[currency],
    timeZone: EXCHANGE_CALENDARS[calendar].timeZone,
  }
}
