import type { IsoDate } from './isoDate.ts'
import type { SpecialDay } from './specialDay.ts'

/** A day on which an exchange departs from its rule or its yearly list, and who said so. */
export interface Override {
  readonly date: IsoDate
  readonly day: SpecialDay
  readonly source: string
}

export function overrideClosure(date: IsoDate, name: string, source: string): Override {
  return { date, day: { kind: 'closed', reason: 'special_closure', name }, source }
}
