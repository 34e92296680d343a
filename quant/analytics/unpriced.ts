import type { Engine } from './engine.ts'

/** Why no live contract has greeks, or null when one has. */
export function whyUnpriced({ chain, sections }: Engine): string | null {
  if (sections.start >= chain.count) return 'every contract has settled'
  for (let row = sections.start; row < chain.count; row++) if (!Number.isNaN(chain.gamma[row])) return null
  return 'no contract has a volatility'
}
