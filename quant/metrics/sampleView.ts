/** A view of the sample market, for tests only. */
import { engineOf, type ContractInput } from '../analytics.ts'
import { reprice } from '../analytics/engine.ts'
import { SAMPLE_MARKET, sampleContracts } from '../chain/sampleChain.ts'
import { marketInputs, marketView, type MarketInputs, type MarketView } from './marketView.ts'

export interface SampleInstant extends Partial<Omit<MarketInputs, 'engine'>> {
  readonly spot?: number
  readonly nowMs?: number
}

export function sampleView(
  contracts: readonly ContractInput[] = sampleContracts(),
  { spot = SAMPLE_MARKET.spot, nowMs = SAMPLE_MARKET.nowMs, ...known }: SampleInstant = {},
): MarketView {
  const engine = engineOf(contracts)
  reprice(engine, spot, nowMs)
  return marketView(marketInputs(engine, known))
}
