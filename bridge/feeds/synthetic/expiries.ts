/** Which expiries an invented market lists on a date, found from the exchange calendars rather than from a table. */
import { addDays, FRIDAY, lastWeekday, TUESDAY, weekday, type IsoDate } from '#quant/calendar/isoDate'
import { nextSession, previousSession, sessionOn } from '#quant/calendar/sessions'
import { monthlyExpiryDate } from '#quant/contracts/monthlyExpiry'
import { settlementInstantMs } from '#quant/contracts/settlement'

export interface ExpiryRule {
  readonly root: string
  /** `daily`: the next sessions. Weekly rules: that weekday, or the session before when it is a holiday. */
  readonly rule: 'daily' | 'friday' | 'usMonthly' | 'niftyWeekly' | 'niftyMonthly'
  readonly count: number
}

export interface Expiry {
  readonly root: string
  readonly expiryDate: IsoDate
  readonly expiryMs: number
  /** A standard monthly: where most open interest sits. */
  readonly monthly: boolean
}

/** Expiries not yet settled at `nowMs`, soonest first; `today` is the exchange's date at that moment. */
export function listExpiries(rules: readonly ExpiryRule[], today: IsoDate, nowMs: number): Expiry[] {
  const found = new Map<string, Expiry>()
  for (const { root, rule, count } of rules) {
    let listed = 0
    for (const expiryDate of candidates(rule, today)) {
      const settlement = settlementInstantMs({ root, expiryDate })
      if (!settlement.ok) break
      if (settlement.expiryMs <= nowMs) continue
      const monthly = rule === 'usMonthly' || rule === 'niftyMonthly'
      found.set(`${root} ${expiryDate}`, { root, expiryDate, expiryMs: settlement.expiryMs, monthly })
      if (++listed === count) break
    }
  }
  return [...found.values()].sort((a, b) => a.expiryMs - b.expiryMs || (a.root < b.root ? -1 : 1))
}

function* candidates(rule: ExpiryRule['rule'], today: IsoDate): Generator<IsoDate> {
  if (rule === 'daily') {
    if (sessionOn('XCBO', today).status === 'open') yield today
    for (let next = nextSession('XCBO', today); next; next = nextSession('XCBO', next.date)) yield next.date
  } else if (rule === 'friday' || rule === 'niftyWeekly') {
    const [calendar, day] = rule === 'friday' ? (['XCBO', FRIDAY] as const) : (['XNSE', TUESDAY] as const)
    for (let date = addDays(today, (day - weekday(today) + 7) % 7); ; date = addDays(date, 7)) {
      yield sessionOn(calendar, date).status === 'open'
        ? date
        : (previousSession(calendar, date)?.date ?? date)
    }
  } else {
    for (let month = monthIndex(today); ; month++) {
      const [year, ofYear] = [Math.floor(month / 12), (month % 12) + 1]
      const date = rule === 'usMonthly' ? monthlyExpiryDate(year, ofYear) : niftyMonthly(year, ofYear)
      if (date === null) return
      yield date
    }
  }
}

/** Months since year 0. */
function monthIndex(date: IsoDate): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1
}

function niftyMonthly(year: number, month: number): IsoDate | null {
  const tuesday = lastWeekday(year, month, TUESDAY)
  if (sessionOn('XNSE', tuesday).status === 'open') return tuesday
  return previousSession('XNSE', tuesday)?.date ?? null
}
