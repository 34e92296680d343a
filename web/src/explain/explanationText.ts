/** An explanation in words: values, ages, names of contracts. */
import type { Explanation } from '#schemas/rest/metrics'
import { count, exactNumber, strikePrice } from '../format/numbers.ts'
import { age } from '../format/time.ts'

export type Explained = Explanation['data']

/** Null for columns and matrices, which the contributions add up to or the window shows. */
export function valueText(value: unknown): string | null {
  if (typeof value === 'number') return exactNumber(value)
  return typeof value === 'string' ? value.replaceAll('_', ' ') : null
}

export function inputText(value: number | string | null | undefined): string {
  return valueText(value) ?? '—'
}

/** How much older an input is than the figure; null when its time is not known. */
export function inputAge({ asOf }: Explained['inputs'][number], figureAsOf: string): string | null {
  return asOf === null ? null : age(Date.parse(figureAsOf) - Date.parse(asOf))
}

const OSI = /^(?<root>[A-Z0-9.]+?)\s*(?<date>\d{6})(?<right>[CP])(?<strike>\d{8})$/

/** `SPX261218C06400000` → `SPX 2026-12-18 6,400 call`; other names as they are. */
export function contributionName(name: string): string {
  const groups = OSI.exec(name)?.groups
  if (!groups) return name
  const { root = '', date = '', right, strike } = groups
  const day = `20${date.slice(0, 2)}-${date.slice(2, 4)}-${date.slice(4)}`
  return `${root} ${day} ${strikePrice(Number(strike) / 1000)} ${right === 'C' ? 'call' : 'put'}`
}

/** `quoteAgeMs` → `quote age ms`. */
export function fieldName(name: string): string {
  return name.replaceAll(/(?<lower>[a-z])(?<upper>[A-Z])/g, '$<lower> $<upper>').toLowerCase()
}

/** Why the amounts are listed. */
export function contributionsIntroduction({
  kind,
  items,
  rest,
}: NonNullable<Explained['contributions']>): string {
  if (kind === 'ranking') return 'The candidates, best first.'
  if (kind === 'terms') return 'The largest amounts that enter the formula, which is not a sum.'
  const others = rest?.count ?? 0
  return others > 0
    ? `The largest ${items.length} of ${count(items.length + others)}. With the rest they add up to the total.`
    : 'All there are. They add up to the total.'
}
