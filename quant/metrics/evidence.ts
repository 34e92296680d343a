/** What a figure rests on: enough for a reader to compute it again. */
export interface Evidence {
  readonly inputs: readonly EvidenceInput[]
  readonly contributions: Contributions | null
  /** What was left out, and why. */
  readonly rejected: readonly Rejection[]
  readonly notes: readonly string[]
}

export interface EvidenceInput {
  readonly name: string
  readonly value: number | string | null
  readonly unit: string
  /** Market time of the input, null when not known. */
  readonly asOfMs: number | null
}

export interface Rejection {
  readonly reason: string
  readonly count: number
}

export interface Contributions {
  /**
   * `sum`: items and rest add up to `total`, bit for bit. `ranking`: candidates, best first. `terms`: what enters the
   * formula, which is not a sum.
   */
  readonly kind: 'sum' | 'ranking' | 'terms'
  readonly unit: string
  readonly total: number | null
  /** Largest first. */
  readonly items: readonly Contribution[]
  /** Of a sum: everything not listed. */
  readonly rest: { readonly count: number; readonly amount: number } | null
}

export interface Contribution {
  /** A contract (OSI symbol), a strike or an expiry. */
  readonly name: string
  readonly amount: number
  /** The figures it was computed from, by name. */
  readonly inputs: Readonly<Record<string, number | string | null>>
}

const LISTED = 20

/** The largest of `amounts` by size, and the sum of the others. Amounts are on the exact grid, so that the order does not matter. */
export function sumOf(
  unit: string,
  amounts: Float64Array,
  describe: (index: number) => Omit<Contribution, 'amount'>,
  listed = LISTED,
): Contributions {
  const found = Array.from(amounts.keys()).filter((i) => (amounts[i] as number) !== 0)
  found.sort((a, b) => Math.abs(amounts[b] as number) - Math.abs(amounts[a] as number))
  const total = found.reduce((sum, i) => sum + (amounts[i] as number), 0)
  const shown = found.slice(0, listed)
  const rest = found.slice(listed)
  return {
    kind: 'sum',
    unit,
    total,
    items: shown.map((i) => ({ ...describe(i), amount: amounts[i] as number })),
    rest: { count: rest.length, amount: rest.reduce((sum, i) => sum + (amounts[i] as number), 0) },
  }
}
