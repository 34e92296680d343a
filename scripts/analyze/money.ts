/** Amounts as the market of their currency writes them, and the currency in the names of JSON fields. */
import type { RootSpec } from '#quant/contracts/rootMaster'

export type Currency = RootSpec['currency']

const SCALES: Readonly<Record<Currency, readonly (readonly [size: number, suffix: string])[]>> = {
  USD: [
    [1e9, 'bn'],
    [1e6, 'm'],
    [1e3, 'k'],
  ],
  INR: [
    [1e7, ' cr'],
    [1e5, ' lakh'],
  ],
}

export const CURRENCY_SIGNS: Readonly<Record<Currency, string>> = { USD: '$', INR: '₹' }

export function money(value: number | null, currency: Currency): string {
  if (value === null) return '–'
  const [scale, suffix] = SCALES[currency].find(([size]) => Math.abs(value) >= size) ?? [1, '']
  return `${(value / scale).toFixed(2)}${suffix}`
}

/** The same data with `Usd` in its field names replaced: `callGexUsdPer1Pct` becomes `callGexInrPer1Pct`. */
export function fieldsInCurrency(data: unknown, currency: Currency): unknown {
  if (currency === 'USD' || typeof data !== 'object' || data === null) return data
  if (Array.isArray(data)) return data.map((item) => fieldsInCurrency(item, currency))
  const word = currency.charAt(0) + currency.slice(1).toLowerCase()
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [
      name.replaceAll('Usd', word),
      fieldsInCurrency(value, currency),
    ]),
  )
}
