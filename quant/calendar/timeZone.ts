import { dateOfDayNumber, dayNumber, type IsoDate } from './isoDate.ts'

/**
 * Wall-clock time of an exchange ⇄ UTC milliseconds.
 *
 * The offsets come from the runtime's tz database through `Intl` (present in Node and in workerd). One `Intl` call
 * costs microseconds and a live chain asks thousands of times, so each year's offset changes are found once by
 * bisection and every later lookup is arithmetic.
 */
export const NEW_YORK = 'America/New_York'
export const INDIA = 'Asia/Kolkata'
export const UTC = 'UTC'

export type TimeZone = typeof NEW_YORK | typeof INDIA | typeof UTC

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

interface OffsetPeriod {
  readonly fromMs: number
  /** Local time minus UTC. */
  readonly offsetMs: number
}

const formatters = new Map<TimeZone, Intl.DateTimeFormat>()
const periodsOfYear = new Map<string, readonly OffsetPeriod[]>()

/** Local time minus UTC at an instant, in milliseconds: −4 h in New York in July. */
export function offsetMsAt(zone: TimeZone, utcMs: number): number {
  const year = new Date(utcMs).getUTCFullYear()
  const key = `${zone}/${year}`
  let periods = periodsOfYear.get(key)
  if (periods === undefined) {
    periods = findOffsetPeriods(zone, year)
    periodsOfYear.set(key, periods)
  }
  return (periods.findLast((period) => period.fromMs <= utcMs) ?? { offsetMs: askIntl(zone, utcMs) }).offsetMs
}

/**
 * UTC milliseconds of a wall-clock time, given as minutes after local midnight (may be negative: the evening before).
 * A time skipped in spring moves forward by the hour skipped; a time repeated in autumn is the first of the two
 * (ECMA-262 Temporal's "compatible" disambiguation).
 */
export function zonedTimeToUtcMs(zone: TimeZone, date: IsoDate, minutesAfterMidnight: number): number {
  const localMs = dayNumber(date) * DAY_MS + minutesAfterMidnight * MINUTE_MS
  const offsetBefore = offsetMsAt(zone, localMs - DAY_MS)
  const offsetAfter = offsetMsAt(zone, localMs + DAY_MS)
  const early = localMs - offsetBefore
  const late = localMs - offsetAfter
  if (early === late || offsetMsAt(zone, early) === offsetBefore) return early
  return offsetMsAt(zone, late) === offsetAfter ? late : early
}

/** Local calendar date at an instant. */
export function zonedDate(zone: TimeZone, utcMs: number): IsoDate {
  return dateOfDayNumber(Math.floor((utcMs + offsetMsAt(zone, utcMs)) / DAY_MS))
}

export function newYorkDate(utcMs: number): IsoDate {
  return zonedDate(NEW_YORK, utcMs)
}

export function indiaDate(utcMs: number): IsoDate {
  return zonedDate(INDIA, utcMs)
}

function findOffsetPeriods(zone: TimeZone, year: number): OffsetPeriod[] {
  const startMs = Date.UTC(year, 0, 1)
  const periods: OffsetPeriod[] = [{ fromMs: startMs, offsetMs: askIntl(zone, startMs) }]
  let fromMs = startMs
  let offsetMs = askIntl(zone, startMs)
  for (let month = 1; month <= 12; month++) {
    const toMs = Date.UTC(year, month, 1)
    const nextOffsetMs = askIntl(zone, toMs)
    if (nextOffsetMs !== offsetMs) {
      periods.push({ fromMs: firstMinuteOf(zone, nextOffsetMs, fromMs, toMs), offsetMs: nextOffsetMs })
    }
    fromMs = toMs
    offsetMs = nextOffsetMs
  }
  return periods
}

/** First whole minute in (fromMs, toMs] at which the zone has `offsetMs`; clocks change on whole minutes. */
function firstMinuteOf(zone: TimeZone, offsetMs: number, fromMs: number, toMs: number): number {
  let before = fromMs / MINUTE_MS
  let after = toMs / MINUTE_MS
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (askIntl(zone, middle * MINUTE_MS) === offsetMs) after = middle
    else before = middle
  }
  return after * MINUTE_MS
}

function askIntl(zone: TimeZone, utcMs: number): number {
  const local: Record<string, number> = {}
  for (const { type, value } of formatterOf(zone).formatToParts(utcMs)) local[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = local
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(utcMs / 1000) * 1000
}

function formatterOf(zone: TimeZone): Intl.DateTimeFormat {
  let formatter = formatters.get(zone)
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    formatters.set(zone, formatter)
  }
  return formatter
}
