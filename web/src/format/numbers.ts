/**
 * Numbers as people read them: compact money, prices, signed values with a true minus sign. One locale throughout, so
 * that a figure quoted by one user is found by another.
 */
const LOCALE = 'en-US'
const cache = new Map<string, Intl.NumberFormat>()

function formatter(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options)
  const known = cache.get(key)
  if (known) return known
  const made = new Intl.NumberFormat(LOCALE, options)
  cache.set(key, made)
  return made
}

function typeset(text: string): string {
  return text.replace('-', '−')
}

function money(currency: string): Intl.NumberFormatOptions {
  return { style: 'currency', currency, currencyDisplay: 'narrowSymbol' }
}

/** `$500M`, `−$337.5B`: no longer than its digits need, so that neighbouring ticks never read the same. */
export function axisMoney(value: number, currency: string): string {
  const options = { notation: 'compact', maximumSignificantDigits: 6 } as const
  return typeset(formatter({ ...money(currency), ...options }).format(value))
}

/** Always three digits, so that a moving figure keeps its width. */
const THREE_DIGITS = {
  notation: 'compact',
  minimumSignificantDigits: 3,
  maximumSignificantDigits: 3,
} as const

/** `$1.24B`, `−₹340M`. */
export function compactMoney(value: number, currency: string): string {
  return typeset(formatter({ ...money(currency), ...THREE_DIGITS }).format(value))
}

/** The same with a plus sign, for net figures. */
export function signedCompactMoney(value: number, currency: string): string {
  return typeset(formatter({ ...money(currency), ...THREE_DIGITS, signDisplay: 'exceptZero' }).format(value))
}

/** Every digit, for hover and tables: `−$1,307,412,115`. */
export function fullMoney(value: number, currency: string): string {
  return typeset(formatter({ ...money(currency), maximumFractionDigits: 0 }).format(value))
}

/** Strikes, without needless decimals: `6,500`, `52.5`. */
export function strikePrice(value: number): string {
  return typeset(formatter({ maximumFractionDigits: 2 }).format(value))
}

/** Prices that move, two decimals always: `6,490.50`. */
export function movingPrice(value: number): string {
  return typeset(formatter({ minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value))
}

/** `+12.50`, `−3.00`. */
export function signedPoints(value: number): string {
  const options = { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' } as const
  return typeset(formatter(options).format(value))
}

/** A ratio as signed percent: 0.0123 → `+1.23 %`. */
export function signedPercent(ratio: number): string {
  const options = { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: 'exceptZero' } as const
  return `${typeset(formatter(options).format(ratio * 100))} %`
}

/** 0.987 → `98.7 %`. */
export function percent(ratio: number): string {
  return `${typeset(formatter({ maximumFractionDigits: 2 }).format(ratio * 100))} %`
}

/** Two decimals always, for columns: 0.131 → `13.10 %`. */
export function fixedPercent(share: number): string {
  return `${ratio(share * 100)} %`
}

export function ratio(value: number): string {
  return typeset(formatter({ minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value))
}

/** Three decimals, for scores and indices between 0 and 1: `0.023`. */
export function decimals(value: number): string {
  return typeset(formatter({ minimumFractionDigits: 3, maximumFractionDigits: 3 }).format(value))
}

export function signedDecimals(value: number): string {
  const options = { minimumFractionDigits: 3, maximumFractionDigits: 3, signDisplay: 'exceptZero' } as const
  return typeset(formatter(options).format(value))
}

/** As many digits as can be checked against: whole from a million on, seven significant ones below. */
export function exactNumber(value: number): string {
  const options = Math.abs(value) >= 1e6 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 7 }
  return typeset(formatter(options).format(value))
}

export function count(value: number): string {
  return formatter({ maximumFractionDigits: 0 }).format(value)
}

/** `300`, `1.2K`, `5M`: where the exact figure does not matter. */
export function shortCount(value: number): string {
  return formatter({ notation: 'compact', maximumSignificantDigits: 3 }).format(value)
}
