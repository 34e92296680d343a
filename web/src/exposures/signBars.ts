/** The bar list of sign models as numbers: which way each bar points, and how far. */
import type { ExposureGreeks } from '#schemas/rest/exposureGreeks'
import type { SignModelId } from './glossary.ts'

/** `none`: all gamma, which has no direction. */
export type BarTone = 'positive' | 'negative' | 'none'

export interface SignBar {
  readonly id: SignModelId
  readonly netGex: number
  readonly tone: BarTone
  /** Of the largest magnitude shown, in [0, 1]. */
  readonly length: number
}

export interface Inapplicable {
  readonly id: SignModelId
  readonly reason: string
}

/** The model the product follows comes first, and gamma without direction last: it is the size of things. */
const ORDER: readonly SignModelId[] = ['M1', 'M2', 'M3', 'M4', 'M5', 'M6', 'M0']

export function signBars(models: ExposureGreeks['signModels']): {
  bars: SignBar[]
  inapplicable: Inapplicable[]
} {
  const ordered = [...models].sort((a, b) => ORDER.indexOf(a.id) - ORDER.indexOf(b.id))
  const largest = Math.max(0, ...ordered.map(({ netGex }) => Math.abs(netGex ?? 0)))
  const bars: SignBar[] = []
  const inapplicable: Inapplicable[] = []
  for (const { id, netGex, reason } of ordered) {
    if (netGex === null) inapplicable.push({ id, reason: reason ?? 'not applicable' })
    else
      bars.push({
        id,
        netGex,
        tone: id === 'M0' ? 'none' : netGex < 0 ? 'negative' : 'positive',
        length: largest > 0 ? Math.abs(netGex) / largest : 0,
      })
  }
  return { bars, inapplicable }
}

export function agreementText(agreement: number): string {
  if (agreement === 1) return 'Every assumption with a vote gives the same sign.'
  if (agreement === 0) return 'The assumptions are evenly split: the sign is anybody’s guess.'
  return 'The assumptions disagree: the sign depends on which one you believe.'
}
