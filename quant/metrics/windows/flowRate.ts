/** FlowRate: how fast customers buy or sell by their prints, and what hedging that asks for. */
import type { Metric } from '../metric.ts'
import { FLOW_COLUMNS } from './flowRate/columns.ts'
import { FLOW_FIGURES } from './flowRate/figures.ts'

export const FLOW_RATE: readonly Metric[] = [...FLOW_FIGURES, ...FLOW_COLUMNS]
