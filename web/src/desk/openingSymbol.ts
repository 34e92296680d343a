/** Which symbol a desk without one in its address opens on. */
import type { Symbols } from '#schemas/rest/models'

/** What most people come for; chosen while it is as current as anything else. */
const FAVOURITE = 'SPX'
const AS_CURRENT_MS = 120_000

/** The favourite when it is being fed, otherwise the symbol seen most recently; null without symbols. */
export function openingSymbol(symbols: Symbols['data']): string | null {
  const newestFirst = symbols.toSorted((a, b) => Date.parse(b.lastSeen) - Date.parse(a.lastSeen))
  const [newest] = newestFirst
  if (newest === undefined) return null
  const favourite = symbols.find(({ symbol }) => symbol === FAVOURITE)
  const isCurrent = favourite && Date.parse(newest.lastSeen) - Date.parse(favourite.lastSeen) < AS_CURRENT_MS
  return isCurrent ? FAVOURITE : newest.symbol
}
