/** What chart, table and figures draw from an answer about volatility. */
import type { ExpiryVolatility, Volatility } from '#schemas/rest/volatility'

export interface Smile extends ExpiryVolatility {
  readonly atmVol: number
  readonly fit: NonNullable<ExpiryVolatility['fit']>
}

/** Expiries that have a smile. */
export function smilesOf({ data }: Volatility): Smile[] {
  return data.expiries.flatMap((expiry) => {
    const { atmVol, fit } = expiry
    return atmVol === null || fit === null ? [] : [{ ...expiry, atmVol, fit }]
  })
}

const FLAG_TEXTS: Readonly<Record<string, string>> = {
  ARB_BUTTERFLY: 'butterfly arbitrage',
  ARB_CALENDAR: 'calendar arbitrage',
  POOR_FIT: 'poor fit',
  FALLBACK_QUADRATIC: 'few strikes',
  NO_QUOTES: 'no quotes',
}

export function flagText(flag: string): string {
  return FLAG_TEXTS[flag] ?? flag.replaceAll('_', ' ').toLowerCase()
}

/** `2 calendar arbitrage, 1 few strikes`; empty when no smile carries a flag. */
export function flagSummary(smiles: readonly Smile[]): string {
  const counts = new Map<string, number>()
  for (const { flags } of smiles) for (const flag of flags) counts.set(flag, (counts.get(flag) ?? 0) + 1)
  return [...counts].map(([flag, count]) => `${count} ${flagText(flag)}`).join(', ')
}

/** Of the fits' errors, vol points; null without a smile. */
export function medianErrorVolPts(smiles: readonly Smile[]): number | null {
  const errors = smiles.map(({ fit }) => fit.rmseVolPts).sort((a, b) => a - b)
  const [low, high] = [errors[(errors.length - 1) >> 1], errors[errors.length >> 1]]
  return low === undefined || high === undefined ? null : (low + high) / 2
}

/** The soonest expiry whose straddle is quoted, else the soonest of all. */
export function frontMove({ data }: Volatility): Volatility['data']['expectedMoves'][number] | null {
  const { expectedMoves } = data
  return expectedMoves.find(({ straddle }) => straddle.move !== null) ?? expectedMoves[0] ?? null
}
