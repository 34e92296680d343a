import { analyse, type ChainAnalytics } from '../analytics.ts'
import { signInputs, type Engine } from '../analytics/engine.ts'
import { REFUSALS, type Refusal } from '../chain/admission.ts'
import type { Chain } from '../chain/chain.ts'
import { eigenHedge, type EigenHedge } from '../eigen/eigenHedge.ts'
import { EMPTY_NODE_HISTORY } from '../eigen/nodeHistory.ts'
import { exposuresBySignModel, type ExposuresBySignModel } from '../exposure/exposuresBySignModel.ts'
import { higherExposures, type HigherExposures } from '../exposure/higherExposures.ts'
import type { DecayedSums } from '../flow/decayedSums.ts'
import { flowRate, type FlowRate } from '../flow/flowRate.ts'
import { concentration, type Concentration } from '../levels/concentration.ts'
import { pinScore, type PinScore } from '../levels/pinScore.ts'
import { volatilityStructure, type VolatilityStructure } from '../volatility/volatilityStructure.ts'
import type { Rejection } from './evidence.ts'
import type { MetricFlag } from './flags.ts'
import { NO_HISTORY, type MarketHistory } from './marketHistory.ts'
import { marketFlags } from './marketFlags.ts'
import { recentSpotMove } from './recentSpotMove.ts'
import { regimeView, type RegimeView } from './regimeView.ts'
import { bandOf, type Band } from '../uncertainty/band.ts'
import { runScenarios } from '../uncertainty/scenarios.ts'

/** The exchange's session that the figures belong to: the one in progress, or the one that ended last. */
export interface SessionSpan {
  readonly openMs: number
  readonly closeMs: number
}

/** What the caller knows of a market at one instant. Arrays and functions by chain row. */
export interface MarketInputs {
  /** Current: repriced, or kept so tick by tick, and then its own instant may be a few seconds back. */
  readonly engine: Engine
  /** Market time of the newest tick in it. */
  readonly asOfMs: number
  /** ISO 4217. */
  readonly currency: string
  /** True of the feed or of the data as a whole, besides what the chain itself shows (`marketFlags.ts`). */
  readonly flags: readonly MetricFlag[]
  /** Too old for a live figure: no flip is named. */
  readonly isStale: boolean
  readonly session: SessionSpan | null
  /** OSI symbol. */
  readonly contractName: (row: number) => string
  /** Market time of each quote, NaN when not known. */
  readonly quoteMs: Float64Array | null
  readonly spotMs: number | null
  /** `YYYY-MM-DD` the open interest is for. */
  readonly openInterestDate: string | null
  readonly rejected: readonly Rejection[]
  /** Contracts open by row as of the session before, NaN when not known; absent or null when none is. */
  readonly previousOpenInterest?: Float64Array | null
  /** What of the underlying is traded in a day, in `currency`; absent or null when not known. */
  readonly averageDailyValue?: number | null
  /** Six to eight times a full recompute, done when the first metric asks. */
  readonly withBands: boolean
  /** Decayed sums of the last minutes' prints; absent or null without a tape. */
  readonly prints?: DecayedSums | null
  readonly history: MarketHistory
  /** Of this engine as it stands; made anew when null. */
  readonly analytics: ChainAnalytics | null
  /** Asked when first needed: it may be one fitted a little earlier. Fitted anew when null. */
  readonly volatility: (() => VolatilityStructure) | null
}

/** An engine of which nothing else is known, but for `known`. */
export function marketInputs(
  engine: Engine,
  known: Partial<Omit<MarketInputs, 'engine'>> = {},
): MarketInputs {
  return {
    engine,
    asOfMs: engine.asOfMs,
    currency: 'USD',
    flags: [],
    isStale: false,
    session: null,
    contractName: (row) => describeContract(engine.chain, row),
    quoteMs: null,
    spotMs: null,
    openInterestDate: null,
    rejected: [],
    withBands: false,
    history: NO_HISTORY,
    analytics: null,
    volatility: null,
    ...known,
  }
}

/** For chains whose roots are not known. */
function describeContract({ expiryMs, expiryIndex, strike, callSign }: Chain, row: number): string {
  const settles = new Date(expiryMs[expiryIndex[row] as number] as number).toISOString()
  return `${settles.slice(0, 10)} ${strike[row]} ${(callSign[row] as number) > 0 ? 'call' : 'put'}`
}

/** A market at one instant as metrics read it. What several metrics share is computed once, when the first asks. */
export interface MarketView extends Omit<MarketInputs, 'analytics' | 'volatility'> {
  readonly analytics: ChainAnalytics
  readonly volatility: VolatilityStructure
  readonly concentration: Concentration
  readonly pin: PinScore
  readonly higher: HigherExposures
  readonly bySignModel: ExposuresBySignModel
  readonly flow: FlowRate
  readonly eigen: EigenHedge
  readonly regime: RegimeView
  /** How far `value` moves when its inputs are what they may as well be; null when bands were not asked for. */
  readonly bandAround: (value: number, pick: (analytics: ChainAnalytics) => number | null) => Band | null
}

export function marketView({ analytics: analysed, volatility, ...inputs }: MarketInputs): MarketView {
  const { engine, session, history } = inputs
  const analytics = once(() => analysed ?? analyse(engine, { isStale: inputs.isStale }))
  const structure = once(() => volatility?.() ?? volatilityStructure(engine))
  const flags = once(() => [...new Set([...inputs.flags, ...marketFlags(engine, analytics())])])
  const concentrated = once(() => {
    // The skew that M6 votes with is measured along with exposures.
    analytics()
    return concentration(engine, signInputs(engine))
  })
  const pin = once(() => pinScore(engine, session === null ? undefined : session.closeMs - session.openMs))
  const scenarios = once(() => runScenarios(engine))
  const higher = once(() => higherExposures(engine))
  const bySignModel = once(() => exposuresBySignModel(engine))
  const flow = once(() => {
    const { asOfMs, spot } = engine
    return flowRate({
      rates: inputs.prints ?? null,
      nowMs: asOfMs,
      gexFinite: analytics().exposure.finite.net,
      spotMove: recentSpotMove(history.samples, spot, asOfMs),
    })
  })
  const eigen = once(() => {
    const { nodes, components } = history
    return eigenHedge(engine, structure().fits, nodes ?? EMPTY_NODE_HISTORY, components ?? null)
  })
  const regime = once(() => regimeView(inputs, analytics(), structure(), pin().pull))
  return {
    ...inputs,
    rejected: [...inputs.rejected, ...refusals(engine.chain)],
    get flags() {
      return flags()
    },
    get analytics() {
      return analytics()
    },
    get volatility() {
      return structure()
    },
    get concentration() {
      return concentrated()
    },
    get pin() {
      return pin()
    },
    get higher() {
      return higher()
    },
    get bySignModel() {
      return bySignModel()
    },
    get flow() {
      return flow()
    },
    get eigen() {
      return eigen()
    },
    get regime() {
      return regime()
    },
    bandAround: (value, pick) => (inputs.withBands ? bandOf(scenarios(), value, pick) : null),
  }
}

function refusals({ refused }: Chain): Rejection[] {
  return Object.entries(refused).map(([refusal, count]) => ({ reason: REFUSALS[refusal as Refusal], count }))
}

function once<T>(compute: () => T): () => T {
  let found: { readonly value: T } | null = null
  return () => (found ??= { value: compute() }).value
}
