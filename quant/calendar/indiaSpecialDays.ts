import type { IsoDate } from './isoDate.ts'
import type { SpecialDay } from './specialDay.ts'

const NINE_FIFTEEN = 9 * 60 + 15
const HALF_PAST_THREE = 15 * 60 + 30

/**
 * Weekday trading holidays of the National Stock Exchange of India, equity derivatives. Most follow lunar calendars
 * and state notifications, so there is no rule to derive them from: this is a table, and nothing is claimed outside
 * its years. Source: NSE yearly "Trading holidays" circulars with their amendments (2023-06-29 moved from 06-28;
 * 2024-01-22, 2024-05-20, 2024-11-20 and 2026-01-15 declared late).
 */
const HOLIDAYS: Readonly<Record<string, string>> = {
  '2022': '01-26 03-01 03-18 04-14 04-15 05-03 08-09 08-15 08-31 10-05 10-26 11-08',
  '2023': '01-26 03-07 03-30 04-04 04-07 04-14 05-01 06-29 08-15 09-19 10-02 10-24 11-14 11-27 12-25',
  '2024': '01-22 01-26 03-08 03-25 03-29 04-11 04-17 05-01 05-20 06-17 07-17 08-15 10-02 11-15 11-20 12-25',
  '2025': '02-26 03-14 03-31 04-10 04-14 04-18 05-01 08-15 08-27 10-02 10-22 11-05 12-25',
  '2026': '01-15 01-26 03-03 03-26 03-31 04-03 04-14 05-01 05-28 06-26 09-14 10-02 10-20 11-10 11-24 12-25',
}

function session(
  date: IsoDate,
  openMinutes: number,
  closeMinutes: number,
  name: string,
): readonly [IsoDate, SpecialDay] {
  return [date, { kind: 'special_session', openMinutes, closeMinutes, name }]
}

/**
 * Sessions on holidays and weekends, from the circular of each. The two disaster-recovery days traded 09:15–10:00 and
 * 11:30–12:30; they are held here as one span. The muhurat session of 2026-11-08 is absent: its hours are unconfirmed.
 */
const SESSIONS: readonly (readonly [IsoDate, SpecialDay])[] = [
  session('2022-10-24', 18 * 60 + 15, 19 * 60 + 15, 'Muhurat trading'),
  session('2023-11-12', 18 * 60 + 15, 19 * 60 + 15, 'Muhurat trading'),
  session('2024-01-20', NINE_FIFTEEN, HALF_PAST_THREE, 'Saturday session in place of 22 January'),
  session('2024-03-02', NINE_FIFTEEN, 12 * 60 + 30, 'Disaster-recovery sessions'),
  session('2024-05-18', NINE_FIFTEEN, 12 * 60 + 30, 'Disaster-recovery sessions'),
  session('2024-11-01', 18 * 60, 19 * 60, 'Muhurat trading'),
  session('2025-02-01', NINE_FIFTEEN, HALF_PAST_THREE, 'Union Budget'),
  session('2025-10-21', 13 * 60 + 45, 14 * 60 + 45, 'Muhurat trading'),
  session('2026-02-01', NINE_FIFTEEN, HALF_PAST_THREE, 'Union Budget'),
]

const SPECIAL_DAYS: ReadonlyMap<IsoDate, SpecialDay> = new Map([
  ...Object.entries(HOLIDAYS).flatMap(([year, dates]) =>
    dates
      .split(' ')
      .map((date): [IsoDate, SpecialDay] => [
        `${year}-${date}`,
        { kind: 'closed', reason: 'holiday', name: 'NSE trading holiday' },
      ]),
  ),
  ...SESSIONS,
])

export function indiaSpecialDay(date: IsoDate): SpecialDay | undefined {
  return SPECIAL_DAYS.get(date)
}
