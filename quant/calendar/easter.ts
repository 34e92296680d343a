import { addDays, isoDate, type IsoDate } from './isoDate.ts'

/** Friday before Gregorian Easter, by the anonymous algorithm (Meeus, Astronomical Algorithms, ch. 8). */
export function goodFriday(year: number): IsoDate {
  const a = year % 19
  const b = Math.floor(year / 100)
  const c = year % 100
  const g = Math.floor((8 * b + 13) / 25)
  const h = (19 * a + b - Math.floor(b / 4) - g + 15) % 30
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7
  const m = Math.floor((a + 11 * h + 22 * l) / 451)
  const n = h + l - 7 * m + 114
  return addDays(isoDate(year, Math.floor(n / 31), (n % 31) + 1), -2)
}
