/**
 * The JSON body of Cboe's delayed quotes (`/api/global/delayed_quotes/options/{symbol}.json`).
 *
 * The body mixes clocks: `timestamp` is UTC and says when the file was made, `last_trade_time` is New York and
 * says when the underlying last printed, which the feed's 15 minute delay and the closing bell put earlier. Time
 * to expiry is measured from the latter: on the recorded body (pulled 23:17, last print 16:15) it is what
 * reproduces the vendor's own greeks.
 */
import { parseIsoDate } from '#quant/calendar/isoDate'
import { NEW_YORK, zonedTimeToUtcMs } from '#quant/calendar/timeZone'
import { parseOccSymbol } from '#quant/contracts/occSymbol'
import { positive } from '../chain/figures.ts'
import { describe, isFields, numeric, type Fields } from '../chain/json.ts'
import { excerpt, problem, type ChainResult, type ChainRow, type RejectedRow } from '../chain/snapshot.ts'
import { toRow, type VendorFigures } from './row.ts'

const FEED_DELAY_MS = 15 * 60_000
const CLOCK_TEXT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2}):(\d{2})$/

export function readJsonBody(body: Fields, data: Fields): ChainResult {
  const options = data['options']
  if (!Array.isArray(options)) return problem('an array of options', describe(options), 'data.options')
  const spot = [data['current_price'], data['close']].map(numeric).find((price) => price > 0)
  if (spot === undefined)
    return problem('a positive price', describe(data['current_price']), 'data.current_price')
  const pulledAtMs = utcMs(body['timestamp'])
  if (pulledAtMs === null) return problem('"YYYY-MM-DD HH:MM:SS"', describe(body['timestamp']), 'timestamp')
  const symbol = data['symbol'] ?? body['symbol']
  if (typeof symbol !== 'string') return problem('a symbol', describe(symbol), 'data.symbol')
  const rows: ChainRow[] = []
  const rejected: RejectedRow[] = []
  for (const [index, option] of options.entries()) readOption(option, index, rows, rejected)
  if (rows.length === 0)
    return problem('at least one contract', `${options.length} options without any`, 'data.options')
  return {
    ok: true,
    snapshot: {
      source: 'cboe-file',
      underlying: symbol.replace(/^[\^_]/, ''),
      spot,
      bid: positive(numeric(data['bid'])),
      ask: positive(numeric(data['ask'])),
      pulledAtMs,
      asOfMs: Math.min(newYorkMs(data['last_trade_time']) ?? Infinity, pulledAtMs - FEED_DELAY_MS),
      openInterestOf: 'previous_session',
      rows,
      rejected,
    },
  }
}

function readOption(option: unknown, index: number, rows: ChainRow[], rejected: RejectedRow[]): void {
  const symbol = isFields(option) ? option['option'] : undefined
  if (!isFields(option) || typeof symbol !== 'string') {
    rejected.push({ line: index, found: describe(option), reason: 'no option symbol' })
    return
  }
  const parsed = parseOccSymbol(symbol)
  if (parsed.ok) rows.push(toRow(symbol, parsed.contract, figures(option)))
  else rejected.push({ line: index, found: excerpt(symbol), reason: parsed.reason })
}

function figures(option: Fields): VendorFigures {
  return {
    bid: numeric(option['bid']),
    ask: numeric(option['ask']),
    last: numeric(option['last_trade_price']),
    volume: numeric(option['volume']),
    openInterest: numeric(option['open_interest']),
    iv: numeric(option['iv']),
    delta: numeric(option['delta']),
    gamma: numeric(option['gamma']),
  }
}

function utcMs(value: unknown): number | null {
  const match = typeof value === 'string' ? CLOCK_TEXT.exec(value) : null
  const ms = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}:${match[3]}:${match[4]}Z`)
  return Number.isFinite(ms) ? ms : null
}

function newYorkMs(value: unknown): number | null {
  const match = typeof value === 'string' ? CLOCK_TEXT.exec(value) : null
  const date = match?.[1]
  if (match === null || date === undefined || parseIsoDate(date) === null) return null
  const minutes = Number(match[2]) * 60 + Number(match[3])
  return zonedTimeToUtcMs(NEW_YORK, date, minutes) + Number(match[4]) * 1000
}
