/** A metric of the sample market with its evidence, for tests only. */
import type { ContractInput } from '../analytics.ts'
import { explainMetric, type Explanation } from './explain.ts'
import { sampleView, type SampleInstant } from './sampleView.ts'

export function explainSample(
  id: string,
  contracts?: readonly ContractInput[],
  instant?: SampleInstant,
): Explanation {
  const explained = explainMetric(sampleView(contracts, instant), id)
  if (explained === null) throw new Error(`no metric ${id}`)
  return explained
}
