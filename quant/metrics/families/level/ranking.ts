import type { Contributions } from '../../evidence.ts'

const LISTED = 20

/** Strikes by a positive figure, most first: the candidates of a level that is the largest of them. */
export function rankedStrikes(
  strikes: Float64Array,
  sizes: Float64Array,
  unit: string,
  isEligible: (strike: number) => boolean = () => true,
): Contributions {
  const total = sizes.reduce((sum, size) => sum + Math.max(0, size), 0)
  const ranked = [...sizes.keys()]
    .filter((k) => (sizes[k] as number) > 0 && isEligible(strikes[k] as number))
    .toSorted((a, b) => (sizes[b] as number) - (sizes[a] as number))
  return {
    kind: 'ranking',
    unit,
    total: null,
    items: ranked.slice(0, LISTED).map((k) => ({
      name: String(strikes[k]),
      amount: sizes[k] as number,
      inputs: { share: (sizes[k] as number) / total },
    })),
    rest: null,
  }
}
