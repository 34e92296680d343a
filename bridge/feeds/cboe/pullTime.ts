/**
 * Reads the date line of a quotedata file. The site writes it in the reader's language but always in New York
 * time ("4 de setembro de 2025 às 14:30 GMT-4", "December 12, 2022 at 8:30 PM EST"), so the zone is never taken
 * from the text, only stepped over. Month names come from the runtime's locale data rather than from a list of ours.
 */
import { isoDate, parseIsoDate } from '#quant/calendar/isoDate'
import { NEW_YORK, zonedTimeToUtcMs } from '#quant/calendar/timeZone'

const LANGUAGES = 'en pt es fr de it nl ca ro pl cs sk sv da nb fi hu tr el ru uk bg id vi ja ko zh'.split(
  ' ',
)

const AFTERNOON = /(^|[\s\d])p\.?\s?m\b|μ\.?μ|午後|下午|오후/u
const MORNING = /(^|[\s\d])a\.?\s?m\b|π\.?μ|午前|上午|오전/u
const ZONE = /\b(gmt|utc)\s*([+−-]\s*\d{1,2}(:?\d{2})?)?/gu
const CLOCK = /(\d{1,2})[:.](\d{2})(?!\d)/u
/** Year, month and day with their CJK signs. */
const CJK_DATE = /(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})/u

/** UTC ms of the pull, or null when the text holds no date and time we can read. */
export function parsePullTime(text: string): number | null {
  const plain = text.normalize('NFKC').toLowerCase().replace(ZONE, ' ')
  const clock = CLOCK.exec(plain)
  if (clock === null) return null
  const minutes = minutesAfterMidnight(Number(clock[1]), Number(clock[2]), plain)
  const date = parseLocalDate(plain.replace(clock[0], ' '))
  return minutes === null || date === null ? null : zonedTimeToUtcMs(NEW_YORK, date, minutes)
}

function minutesAfterMidnight(hour: number, minute: number, text: string): number | null {
  if (hour > 23 || minute > 59) return null
  const afternoon = AFTERNOON.test(text)
  if (!afternoon && !MORNING.test(text)) return hour * 60 + minute
  if (hour < 1 || hour > 12) return null
  return ((hour % 12) + (afternoon ? 12 : 0)) * 60 + minute
}

function parseLocalDate(text: string): string | null {
  const cjk = CJK_DATE.exec(text)
  if (cjk !== null) return existingDate(Number(cjk[1]), Number(cjk[2]), Number(cjk[3]))
  const year = /\b(\d{4})\b/u.exec(text)?.[1]
  const day = /(?<!\d)(\d{1,2})(?!\d)/u.exec(text)?.[1]
  const months = text.match(/\p{L}[\p{L}\p{M}]*/gu)?.map((word) => monthNumbers().get(word))
  const month = months?.find((number) => number !== undefined)
  if (year === undefined || day === undefined || month === undefined) return null
  return existingDate(Number(year), month, Number(day))
}

function existingDate(year: number, month: number, day: number): string | null {
  const date = isoDate(year, month, day)
  return parseIsoDate(date) === null ? null : date
}

let monthTable: Map<string, number> | null = null

/** Month name in any of the languages, as written alone and beside a day (Slavic languages inflect it). */
function monthNumbers(): Map<string, number> {
  if (monthTable !== null) return monthTable
  monthTable = new Map()
  for (const language of LANGUAGES) {
    for (const options of [
      { month: 'long' },
      { month: 'long', day: 'numeric' },
      { month: 'short' },
    ] as const) {
      const format = new Intl.DateTimeFormat(language, { ...options, timeZone: 'UTC' })
      for (let month = 1; month <= 12; month++) {
        const name = format.formatToParts(Date.UTC(2025, month - 1, 4)).find((part) => part.type === 'month')
        const word = name?.value.normalize('NFKC').toLowerCase().replace(/\.$/u, '') ?? ''
        if (/^\p{L}[\p{L}\p{M}]*$/u.test(word) && !monthTable.has(word)) monthTable.set(word, month)
      }
    }
  }
  return monthTable
}
