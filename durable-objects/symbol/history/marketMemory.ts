/**
 * What a symbol keeps of earlier instants so that windows can compare: session bars, skew by time of day, the surface every
 * five minutes, the regime. Pure: noting an instant gives a new memory.
 */
import { EMPTY_NODE_HISTORY, withSample, type NodeHistory } from '#quant/eigen/nodeHistory'
import { sampleNodes } from '#quant/eigen/surfaceNodes'
import type { MarketHistory, MarketSample } from '#quant/metrics/marketHistory'
import type { MarketView } from '#quant/metrics/marketView'
import { NO_REGIME, type RegimeState } from '#quant/regime/regimeMachine'
import { withReading, type TimeOfDayHistory } from '#quant/volatility/timeOfDay'
import { barsBefore, withPrice, withVol, type SessionBars } from './sessionBars.ts'

export type Loadings = readonly (number | null)[]

export interface MarketMemory {
  /** Feed and source it is of: another market has another past. */
  readonly origin: string
  readonly bars: SessionBars
  readonly skew: TimeOfDayHistory
  readonly nodes: NodeHistory
  /** Of EigenHedge when the surface was last sampled. */
  readonly components: readonly Loadings[]
  readonly regime: RegimeState
}

export const NO_MEMORY: MarketMemory = {
  origin: '',
  bars: [],
  skew: [],
  nodes: EMPTY_NODE_HISTORY,
  components: [],
  regime: NO_REGIME,
}

const MONTH_DAYS = 30

/** As metrics of the session `date` (yyyymmdd) read it. */
export function historyOf(
  { bars, skew, nodes, components, regime }: MarketMemory,
  samples: readonly MarketSample[],
  date: number,
): MarketHistory {
  const earlier = barsBefore(bars, date)
  return {
    samples,
    dailyBars: earlier,
    dailyAtmVols: earlier.map(({ atmVol30 }) => atmVol30),
    skewByTimeOfDay: skew,
    nodes,
    components: components.map((loadings) => ({ loadings })),
    regime,
  }
}

/** The memory of this origin: an empty one when it is of another. */
export function memoryOf(memory: MarketMemory, origin: string): MarketMemory {
  return memory.origin === origin ? memory : { ...NO_MEMORY, origin }
}

/** The memory with the instant of `view`, of the session `date`, in it. */
export function remembering(memory: MarketMemory, view: MarketView, date: number): MarketMemory {
  const { engine, session, volatility } = view
  const { asOfMs } = volatility
  const month = volatility.skew.find(({ days }) => days === MONTH_DAYS)?.skew ?? null
  const nodes = withSample(memory.nodes, sampleNodes(volatility.fits, asOfMs))
  return {
    origin: memory.origin,
    bars: withVol(withPrice(memory.bars, date, engine.spot), date, month?.atmVol ?? null),
    skew:
      session === null ? memory.skew : withReading(memory.skew, session, asOfMs, month?.skew25VolPts ?? null),
    nodes,
    components:
      nodes === memory.nodes ? memory.components : view.eigen.components.map(({ loadings }) => loadings),
    regime: view.regime.state,
  }
}
