import type { IsoDate } from './isoDate.ts'
import { overrideClosure, type Override } from './override.ts'

const NINE_FIFTEEN = 9 * 60 + 15
const HALF_PAST_THREE = 15 * 60 + 30

const DISASTER_DRILL = 'NSE circular on live trading from the disaster-recovery site'
const MUHURAT = 'NSE circular on muhurat trading of the year'
const BUDGET = 'NSE circular on live trading on the day of the Union Budget'

function session(
  date: IsoDate,
  [openMinutes, closeMinutes]: readonly [number, number],
  name: string,
  source: string,
): Override {
  return { date, day: { kind: 'special_session', openMinutes, closeMinutes, name }, source }
}

/**
 * What the National Stock Exchange of India announced on top of its yearly list: holidays declared at short notice, and
 * sessions on holidays and weekends. The two drills traded 09:15–10:00 and 11:30–12:30 and are held here as one span. The
 * muhurat session of 2026-11-08 is absent: its hours are unconfirmed.
 */
export const INDIA_OVERRIDES: readonly Override[] = [
  session('2022-10-24', [18 * 60 + 15, 19 * 60 + 15], 'Muhurat trading', MUHURAT),
  session('2023-11-12', [18 * 60 + 15, 19 * 60 + 15], 'Muhurat trading', MUHURAT),
  session('2024-01-20', [NINE_FIFTEEN, HALF_PAST_THREE], 'Saturday in place of 22 January', DISASTER_DRILL),
  overrideClosure('2024-01-22', 'Consecration of the Ram temple', 'NSE circular of 19 January 2024'),
  session('2024-03-02', [NINE_FIFTEEN, 12 * 60 + 30], 'Disaster-recovery sessions', DISASTER_DRILL),
  session('2024-05-18', [NINE_FIFTEEN, 12 * 60 + 30], 'Disaster-recovery sessions', DISASTER_DRILL),
  overrideClosure('2024-05-20', 'Parliamentary election in Mumbai', 'NSE circular of April 2024'),
  session('2024-11-01', [18 * 60, 19 * 60], 'Muhurat trading', MUHURAT),
  overrideClosure('2024-11-20', 'Maharashtra assembly election', 'NSE circular of November 2024'),
  session('2025-02-01', [NINE_FIFTEEN, HALF_PAST_THREE], 'Union Budget', BUDGET),
  session('2025-10-21', [13 * 60 + 45, 14 * 60 + 45], 'Muhurat trading', MUHURAT),
  overrideClosure('2026-01-15', 'Municipal elections in Maharashtra', 'NSE circular of January 2026'),
  session('2026-02-01', [NINE_FIFTEEN, HALF_PAST_THREE], 'Union Budget', BUDGET),
]
