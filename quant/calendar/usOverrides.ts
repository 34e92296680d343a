import type { IsoDate } from './isoDate.ts'
import { overrideClosure, type Override } from './override.ts'

const ONE_PM = 13 * 60

/** The exchange's own history of unscheduled closings since 1885. */
const NYSE_HISTORY = 'NYSE, "Special Closings"'

function earlyClose(date: IsoDate, name: string): Override {
  return { date, day: { kind: 'early_close', closeMinutes: ONE_PM, name }, source: NYSE_HISTORY }
}

/**
 * Days of the New York Stock Exchange that no rule predicts. An unscheduled closure is one more line here as soon as the
 * exchange announces it; it then holds for every calendar of New York and moves the expiries of that day. Through 2022
 * checked against an independent calendar.
 */
export const US_OVERRIDES: readonly Override[] = [
  overrideClosure('1994-04-27', 'Day of mourning, Richard Nixon', NYSE_HISTORY),
  earlyClose('1997-12-26', 'Day after Christmas'),
  earlyClose('1999-12-31', 'Millennium Eve'),
  overrideClosure('2001-09-11', 'September 11 attacks', NYSE_HISTORY),
  overrideClosure('2001-09-12', 'September 11 attacks', NYSE_HISTORY),
  overrideClosure('2001-09-13', 'September 11 attacks', NYSE_HISTORY),
  overrideClosure('2001-09-14', 'September 11 attacks', NYSE_HISTORY),
  earlyClose('2003-12-26', 'Day after Christmas'),
  overrideClosure('2004-06-11', 'Day of mourning, Ronald Reagan', NYSE_HISTORY),
  overrideClosure('2007-01-02', 'Day of mourning, Gerald Ford', NYSE_HISTORY),
  overrideClosure('2012-10-29', 'Hurricane Sandy', NYSE_HISTORY),
  overrideClosure('2012-10-30', 'Hurricane Sandy', NYSE_HISTORY),
  overrideClosure('2018-12-05', 'Day of mourning, George H. W. Bush', NYSE_HISTORY),
  overrideClosure('2025-01-09', 'Day of mourning, Jimmy Carter', 'NYSE and Cboe notices of 30 December 2024'),
]
