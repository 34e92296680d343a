/** The chain itself: what of it could be used, how old it is, and what it implies before any dealer sign. */
import type { Metric } from '../metric.ts'
import { COVERAGE_METRICS } from './chain/coverage.ts'
import { FORWARD_METRICS } from './chain/forwards.ts'
import { AGE_METRICS } from './chain/ages.ts'
import { PUT_CALL_METRICS } from './chain/putCall.ts'

export const CHAIN_METRICS: readonly Metric[] = [
  ...COVERAGE_METRICS,
  ...AGE_METRICS,
  ...FORWARD_METRICS,
  ...PUT_CALL_METRICS,
]
