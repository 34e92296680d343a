/** A file of known dividends: `[{"exDate": "2025-09-19", "amount": 1.83}, …]`, amounts per share. */
import type { KnownDividend } from '#quant/american/knownDividends'
import { parseIsoDate } from '#quant/calendar/isoDate'
import { NEW_YORK, zonedTimeToUtcMs } from '#quant/calendar/timeZone'

const OPEN_MINUTES = 9 * 60 + 30

/** The list, or one line saying what is wrong with the text. */
export function readDividends(text: string): KnownDividend[] | string {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    return 'expected a JSON list of {exDate, amount}, found no JSON'
  }
  if (!Array.isArray(list)) return 'expected a JSON list of {exDate, amount}'
  const dividends = list.map(readDividend)
  const wrong = dividends.indexOf(null)
  if (wrong >= 0)
    return `expected {"exDate": "YYYY-MM-DD", "amount": number}, found ${JSON.stringify(list[wrong])} at ${wrong}`
  return dividends.filter((dividend) => dividend !== null)
}

function readDividend(entry: unknown): KnownDividend | null {
  if (typeof entry !== 'object' || entry === null) return null
  const { exDate, amount } = entry as { exDate?: unknown; amount?: unknown }
  if (typeof exDate !== 'string' || parseIsoDate(exDate) === null) return null
  if (typeof amount !== 'number' || !(amount >= 0 && amount < Infinity)) return null
  return { exDateMs: zonedTimeToUtcMs(NEW_YORK, exDate, OPEN_MINUTES), amount }
}
