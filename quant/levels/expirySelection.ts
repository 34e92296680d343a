import { newYorkDate } from '../calendar/timeZone.ts'
import { monthlyExpiryDate } from '../contracts/monthlyExpiry.ts'
import type { ChainView } from './chainView.ts'

/**
 * Which expiries a level is computed from. `front` is the next settlement instant; the others count listed dates, so
 * the AM and PM series of one third Friday go together. `two_weeklies_two_monthlies` is the first two of each kind.
 */
export const EXPIRY_SELECTIONS = [
  'all',
  'within90d',
  'within94d',
  'first4',
  'front',
  'two_weeklies_two_monthlies',
] as const
export type ExpirySelectionId = (typeof EXPIRY_SELECTIONS)[number]

const DAYS_PER_YEAR = 365

/** 1 for each expiry of the chain in the selection, 0 otherwise; a settled expiry is in none. */
export function selectExpiries({ chain, sections }: ChainView, selection: ExpirySelectionId): Uint8Array {
  const selected = new Uint8Array(chain.expiryCount)
  const dates = Array.from(chain.expiryMs, newYorkDate)
  const isIn = memberTest(selection, dates.slice(Math.max(sections.frontExpiry, 0)))
  for (let e = 0; e < chain.expiryCount; e++) {
    const years = chain.years[e] as number
    const isSelected =
      selection === 'front' ? e === sections.frontExpiry : isIn(dates[e] as string, years * DAYS_PER_YEAR)
    if (years > 0 && isSelected) selected[e] = 1
  }
  return selected
}

function memberTest(
  selection: Exclude<ExpirySelectionId, 'front'> | 'front',
  liveDates: readonly string[],
): (date: string, days: number) => boolean {
  if (selection === 'within90d') return (_, days) => days <= 90
  if (selection === 'within94d') return (_, days) => days < 94
  if (selection === 'all' || selection === 'front') return () => true
  const listed = [...new Set(liveDates)]
  const chosen =
    selection === 'first4'
      ? listed.slice(0, 4)
      : [...listed.filter((date) => !isMonthly(date)).slice(0, 2), ...listed.filter(isMonthly).slice(0, 2)]
  return (date) => chosen.includes(date)
}

function isMonthly(date: string): boolean {
  return date === monthlyExpiryDate(Number(date.slice(0, 4)), Number(date.slice(5, 7)))
}
