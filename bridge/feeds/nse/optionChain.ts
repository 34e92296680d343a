/**
 * The option chain of the National Stock Exchange of India (`/api/option-chain-indices?symbol=NIFTY`), one object per
 * strike and expiry with a call (`CE`) and a put (`PE`).
 *
 * Open interest and volume are in contracts and stay as they are (brokers' feeds of the same figures are in units);
 * `bidQty` and the total quantities are in units. Open interest moves during the session. Times are India's, and the
 * body has no time but the chain's own. Format as recorded; the exchange documents none.
 */
import { isoDate, parseIsoDate, type IsoDate } from '#quant/calendar/isoDate'
import { INDIA, zonedTimeToUtcMs } from '#quant/calendar/timeZone'
import { rootSpec } from '#quant/contracts/rootMaster'
import type { Right } from '#schemas/tick'
import { count, positive, quoteMissing } from '../chain/figures.ts'
import { describe, isFields, numeric, type Fields } from '../chain/json.ts'
import { problem, type ChainResult, type ChainRow, type RejectedRow } from '../chain/snapshot.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DATE = /^(\d{2})-([A-Z][a-z]{2})-(\d{4})$/
const SIDES: readonly (readonly [key: string, right: Right])[] = [
  ['CE', 'call'],
  ['PE', 'put'],
]

export function readOptionChain(records: Fields): ChainResult {
  const { data, underlyingValue, timestamp } = records
  if (!Array.isArray(data)) return problem('an array of strikes', describe(data), 'records.data')
  const spot = positive(numeric(underlyingValue))
  if (spot === null) return problem('a positive price', describe(underlyingValue), 'records.underlyingValue')
  const asOfMs = indiaTimeMs(timestamp)
  if (asOfMs === null)
    return problem('a time like "28-Mar-2022 10:47:19"', describe(timestamp), 'records.timestamp')
  const rows: ChainRow[] = []
  const rejected: RejectedRow[] = []
  for (const [index, entry] of data.entries()) readEntry(entry, index, rows, rejected)
  const [first] = rows
  if (first === undefined)
    return problem('an index option', `${data.length} strikes without any`, 'records.data')
  return {
    ok: true,
    snapshot: {
      source: 'nse-file',
      underlying: first.root,
      spot,
      bid: null,
      ask: null,
      pulledAtMs: asOfMs,
      asOfMs,
      openInterestOf: 'this_session',
      rows,
      rejected,
    },
  }
}

function readEntry(entry: unknown, index: number, rows: ChainRow[], rejected: RejectedRow[]): void {
  const sides = isFields(entry) ? SIDES.filter(([key]) => entry[key] !== undefined) : []
  if (!isFields(entry) || sides.length === 0) {
    rejected.push({ line: index, found: describe(entry), reason: 'no CE or PE' })
    return
  }
  for (const [key, right] of sides) {
    const contract = entry[key]
    const row = isFields(contract) ? readContract(contract, right) : 'no contract'
    if (typeof row === 'string') rejected.push({ line: index, found: describe(contract), reason: row })
    else rows.push(row)
  }
}

/** A row, or why there is none. */
function readContract(contract: Fields, right: Right): ChainRow | string {
  const { underlying, identifier, expiryDate: expiryText } = contract
  const strike = positive(numeric(contract['strikePrice']))
  const expiryDate = typeof expiryText === 'string' ? indiaDateOf(expiryText) : null
  // Options on single shares have the same form, and terms that are in no table here.
  if (typeof underlying !== 'string' || rootSpec(underlying).calendar !== 'XNSE') return 'root'
  if (expiryDate === null) return 'expiry_date'
  if (strike === null) return 'strike'
  const bid = numeric(contract['bidprice'])
  const ask = numeric(contract['askPrice'])
  const openInterest = numeric(contract['openInterest'])
  const vendorIvPercent = numeric(contract['impliedVolatility'])
  // 0 stands for contracts that have not traded, or whose price has no volatility.
  const vendorIv = positive(vendorIvPercent / 100)
  return {
    symbol: typeof identifier === 'string' ? identifier : '',
    root: underlying,
    expiryDate,
    strike,
    right,
    bid: positive(bid),
    ask: positive(ask),
    quoteMissing: quoteMissing(bid, ask),
    last: positive(numeric(contract['lastPrice'])),
    volume: count(numeric(contract['totalTradedVolume'])),
    openInterest: count(openInterest),
    previousOpenInterest: count(openInterest - numeric(contract['changeinOpenInterest'])),
    vendorIv,
    vendorIvMissing: vendorIv !== null ? 'none' : vendorIvPercent === 0 ? 'vendor_sentinel' : 'invalid',
    vendorDelta: null,
    vendorGamma: null,
  }
}

/** `28-Mar-2022`. */
function indiaDateOf(text: string): IsoDate | null {
  const match = DATE.exec(text)
  const month = MONTHS.indexOf(match?.[2] ?? '') + 1
  if (match === null || month === 0) return null
  const date = isoDate(Number(match[3]), month, Number(match[1]))
  return parseIsoDate(date) === null ? null : date
}

/** `28-Mar-2022 10:47:19`, India time. */
function indiaTimeMs(value: unknown): number | null {
  const [dateText = '', clock = ''] = typeof value === 'string' ? value.split(' ') : []
  const date = indiaDateOf(dateText)
  const match = /^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)$/.exec(clock)
  if (date === null || match === null) return null
  return zonedTimeToUtcMs(INDIA, date, Number(match[1]) * 60 + Number(match[2])) + Number(match[3]) * 1000
}
