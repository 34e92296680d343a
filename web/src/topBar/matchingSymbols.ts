/** Symbols that begin with the text first, then those whose symbol or name contains it. */
import type { Symbols } from '#schemas/rest/models'

export function matchingSymbols(symbols: Symbols['data'], text: string): Symbols['data'] {
  const wanted = text.trim().toLowerCase()
  const begins = symbols.filter(({ symbol }) => symbol.toLowerCase().startsWith(wanted))
  const contains = symbols.filter(
    (entry) => !begins.includes(entry) && `${entry.symbol} ${entry.name}`.toLowerCase().includes(wanted),
  )
  return [...begins, ...contains]
}
