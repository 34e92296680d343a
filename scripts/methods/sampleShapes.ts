/** What each metric answers with, read off a made-up market on which as many of them as possible have a value. */
import { SAMPLE_NOW_MS, sampleContracts } from '#quant/chain/sampleChain'
import type { Contributions } from '#quant/metrics/evidence'
import type { Metric } from '#quant/metrics/metric'
import type { MarketView } from '#quant/metrics/marketView'
import { sampleView } from '#quant/metrics/sampleView'

const HOUR_MS = 3_600_000
const CONTRACTS = sampleContracts({ days: [0.1, 1, 8, 36, 120, 365] }).map((contract, i) => ({
  ...contract,
  signedFlow: (i % 7) - 3,
}))

export function methodsSample(): MarketView {
  return sampleView(CONTRACTS, {
    quoteMs: new Float64Array(CONTRACTS.length).fill(SAMPLE_NOW_MS - 1000),
    spotMs: SAMPLE_NOW_MS - 250,
    openInterestDate: '2025-09-03',
    session: { openMs: SAMPLE_NOW_MS - 5 * HOUR_MS, closeMs: SAMPLE_NOW_MS + 2.4 * HOUR_MS },
  })
}

export interface Shape {
  /** In the notation of TypeScript; null where the sample has no value. */
  readonly value: string | null
  readonly contributions: Contributions['kind'] | null
}

export function shapeOf({ measure }: Metric, view: MarketView): Shape {
  const { value, evidence } = measure(view)
  return {
    value: value === null ? null : typeText(value),
    contributions: evidence().contributions?.kind ?? null,
  }
}

function typeText(value: unknown): string {
  if (Array.isArray(value)) return arrayText(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'object' ? 'null' : typeof value
  const fields = Object.entries(value).map(([name, part]) => `${name}: ${typeText(part)}`)
  return `{ ${fields.join(', ')} }`
}

function arrayText(values: readonly unknown[]): string {
  const types = [...new Set(values.map(typeText))]
  const isUnion = types.length > 1
  return types.length === 0 ? 'unknown[]' : isUnion ? `(${types.join(' | ')})[]` : `${types[0]}[]`
}
