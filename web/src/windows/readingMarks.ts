/** What is said once for a whole window, and what beside a single figure. */
import type { MetricReading } from '#schemas/rest/metrics'

export type QualityGrade = 'high' | 'medium' | 'low'

/** Grades of the score from 0 to 100; the score itself stays on show. */
export function qualityGrade(quality: number): QualityGrade {
  return quality >= 85 ? 'high' : quality >= 50 ? 'medium' : 'low'
}

/** The unit that more than half of the figures share. */
export function commonUnit(readings: readonly MetricReading[]): string | null {
  const counts = new Map<string, number>()
  for (const { unit } of readings) counts.set(unit, (counts.get(unit) ?? 0) + 1)
  const [first] = [...counts].sort(([, a], [, b]) => b - a)
  return first !== undefined && 2 * first[1] > readings.length ? first[0] : null
}

/** The flags that every figure carries. */
export function commonFlags(readings: readonly MetricReading[]): string[] {
  const [first, ...others] = readings
  return (first?.flags ?? []).filter((flag) => others.every(({ flags }) => flags.includes(flag)))
}

/** `INSUFFICIENT_HISTORY` → `insufficient history`. */
export function flagText(flag: string): string {
  return flag.replaceAll('_', ' ').toLowerCase()
}
