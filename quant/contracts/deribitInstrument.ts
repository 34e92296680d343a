import { isoDate, parseIsoDate, type IsoDate } from '#quant/calendar/isoDate'

/** An inverse option of Deribit, as its instrument name says it. */
export interface DeribitContract {
  /** Root of the contract master, e.g. `BTC-USD`. */
  readonly root: string
  readonly expiryDate: IsoDate
  readonly right: 'call' | 'put'
  /** Dollars per coin. */
  readonly strike: number
}

const INSTRUMENT = /^(BTC|ETH)-(\d{1,2})([A-Z]{3})(\d{2})-(\d+)-([CP])$/
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

/**
 * Reads `BTC-25JUN21-50000-C`; the day has no leading zero. Null for anything else: futures, combos, and the linear options
 * (`SOL_USDC-…`), whose terms differ. Source: Deribit API, "Naming".
 */
export function parseDeribitInstrument(name: string): DeribitContract | null {
  const match = INSTRUMENT.exec(name)
  if (match === null) return null
  const [, coin = '', day, month = '', year, strikeText, right] = match
  const expiryDate = isoDate(2000 + Number(year), MONTHS.indexOf(month) + 1, Number(day))
  const strike = Number(strikeText)
  if (parseIsoDate(expiryDate) === null || strike === 0) return null
  return { root: `${coin}-USD`, expiryDate, right: right === 'C' ? 'call' : 'put', strike }
}
