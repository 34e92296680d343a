import type { IsoDate } from './isoDate.ts'
import type { SpecialDay } from './specialDay.ts'

const ONE_PM = 13 * 60

function closure(date: IsoDate, name: string): readonly [IsoDate, SpecialDay] {
  return [date, { kind: 'closed', reason: 'special_closure', name }]
}

function earlyClose(date: IsoDate, name: string): readonly [IsoDate, SpecialDay] {
  return [date, { kind: 'early_close', closeMinutes: ONE_PM, name }]
}

/**
 * New York Stock Exchange days that no rule predicts. An unscheduled closure is added here, one line, as soon as the
 * exchange announces it. Source: NYSE notices of each date; through 2022 checked against an independent calendar.
 */
export const US_OVERRIDES: readonly (readonly [IsoDate, SpecialDay])[] = [
  closure('1994-04-27', 'Day of mourning, Richard Nixon'),
  earlyClose('1997-12-26', 'Day after Christmas'),
  earlyClose('1999-12-31', 'Millennium Eve'),
  closure('2001-09-11', 'September 11 attacks'),
  closure('2001-09-12', 'September 11 attacks'),
  closure('2001-09-13', 'September 11 attacks'),
  closure('2001-09-14', 'September 11 attacks'),
  earlyClose('2003-12-26', 'Day after Christmas'),
  closure('2004-06-11', 'Day of mourning, Ronald Reagan'),
  closure('2007-01-02', 'Day of mourning, Gerald Ford'),
  closure('2012-10-29', 'Hurricane Sandy'),
  closure('2012-10-30', 'Hurricane Sandy'),
  closure('2018-12-05', 'Day of mourning, George H. W. Bush'),
  closure('2025-01-09', 'Day of mourning, Jimmy Carter'),
]
