/** How a window writes a figure. The unit beside it is the metric's own, so these never rescale, except shares to percent. */
import * as v from 'valibot'
import {
  compactMoney,
  count,
  decimals,
  fixedPercent,
  movingPrice,
  ratio,
  signedCompactMoney,
  signedDecimals,
  signedPercent,
  signedPoints,
  strikePrice,
} from '../format/numbers.ts'
import { age } from '../format/time.ts'

const FORMATS = {
  signedMoney: signedCompactMoney,
  money: compactMoney,
  price: movingPrice,
  strike: strikePrice,
  points: signedPoints,
  /** Of a value that is percent already. */
  signedPercent: (value: number) => signedPercent(value / 100),
  share: fixedPercent,
  number: ratio,
  decimals,
  signedDecimals,
  count,
  score: count,
  minutes: (value: number) => age(value * 60_000),
  words,
} as const
export type FigureFormat = keyof typeof FORMATS

const TotalSchema = v.object({ total: v.number() })

/** Of columns of figures their total is written; null when the value is neither a number, a word nor such columns. */
export function figureText(value: unknown, format: FigureFormat, currency: string): string | null {
  if (typeof value === 'string') return words(value)
  const total = v.safeParse(TotalSchema, value)
  const amount = total.success ? total.output.total : value
  if (typeof amount !== 'number' || format === 'words') return null
  return FORMATS[format](amount, currency)
}

/** `long_gamma_pinned` → `Long gamma pinned`. */
function words(value: unknown): string {
  const text = String(value).replaceAll('_', ' ')
  return text.charAt(0).toUpperCase() + text.slice(1)
}
