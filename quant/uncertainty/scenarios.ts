/**
 * The same chain under inputs that may as well be true. Quotes: the true price lies somewhere between bid and ask. Open
 * interest: what is published is last night's, and some of today's trading has opened or closed positions since. Sign
 * model: what dealers hold is assumed.
 */
import { analyse, type ChainAnalytics } from '../analytics.ts'
import { fillGreeks, measureAll, signInputs, type Engine } from '../analytics/engine.ts'
import { shadowOf } from '../analytics/shadow.ts'
import { solveVols } from '../chain/outOfTheMoneyVol.ts'
import { notApplicable, type SignModelId } from '../exposure/signModel.ts'
import { VOTING_MODELS } from '../exposure/signTotals.ts'

export const UNCERTAINTY_SOURCES = ['quotes', 'open_interest', 'sign_model'] as const
export type UncertaintySource = (typeof UNCERTAINTY_SOURCES)[number]

export const SOURCE_METHODS: Readonly<Record<UncertaintySource, string>> = {
  quotes: 'quotes.all_vols_at_bid_or_ask@1',
  open_interest: 'open_interest.opening_share_of_volume_corners@1',
  sign_model: 'sign_model.m1_m2_m4_m5_m6@1',
}

export interface Scenario {
  readonly source: UncertaintySource
  /** `bid`, `ask`; `calls+ puts-` and the like; a model's id. */
  readonly name: string
  readonly analytics: ChainAnalytics
}

export interface Scenarios {
  readonly scenarios: readonly Scenario[]
  /** Sources that cannot be told apart from the chain as it is, and why. */
  readonly missing: readonly MissingSource[]
}

export interface MissingSource {
  readonly source: UncertaintySource
  readonly reason: string
}

/** Every scenario of a repriced engine, which stays as it is. Six to eight times a full recompute. */
export function runScenarios(engine: Engine): Scenarios {
  if (!engine.isMeasured) measureAll(engine)
  const areVolsGiven = engine.volMethod === 'vol.given@1'
  return {
    scenarios: [
      ...(areVolsGiven ? [] : [atQuotes(engine, 'bid', -1), atQuotes(engine, 'ask', 1)]),
      ...openInterestCorners(engine),
      ...otherSignModels(engine),
    ],
    missing: areVolsGiven
      ? [{ source: 'quotes', reason: 'volatilities are given, not solved from quotes' }]
      : [],
  }
}

/**
 * Every volatility solved from its bid, or its ask, at the same forwards: the level of the surface errs, its shape does
 * not. That is the most for whatever grows with volatility, but not for a difference of calls and puts. A strike that has
 * no volatility at such a price drops out, as one without a bid does from the start.
 */
function atQuotes(engine: Engine, name: 'bid' | 'ask', side: 1 | -1): Scenario {
  const shadow = shadowOf(engine)
  const { price, halfSpread } = shadow.chain
  for (let row = 0; row < price.length; row++) {
    price[row] = (price[row] as number) + side * (halfSpread[row] as number)
  }
  solveVols(shadow.chain, shadow.quoteFaults, true)
  fillGreeks(shadow)
  return { source: 'quotes', name, analytics: analyse(shadow) }
}

/**
 * Open interest κ times today's volume up or down, calls and puts each their own way, never below none. κ is the share of
 * flow that opens positions (`SignInputs`); the way a trade went is not known, so both ways are taken.
 */
function openInterestCorners(engine: Engine): Scenario[] {
  const ways = { '+': 1, '-': -1 } as const
  const signs = ['+', '-'] as const
  return signs.flatMap((calls) =>
    signs.map((puts): Scenario => {
      const shadow = shadowOf(engine)
      moveOpenInterest(shadow, ways[calls], ways[puts])
      return { source: 'open_interest', name: `calls${calls} puts${puts}`, analytics: analyse(shadow) }
    }),
  )
}

function moveOpenInterest({ chain, options }: Engine, calls: 1 | -1, puts: 1 | -1): void {
  const { openInterest, volume, callSign } = chain
  for (let row = 0; row < openInterest.length; row++) {
    const way = (callSign[row] as number) > 0 ? calls : puts
    const moved = (openInterest[row] as number) + way * options.openingShare * (volume[row] as number)
    openInterest[row] = Math.max(0, moved)
  }
}

/** M0 has no sign, and M3 would only turn M1 around. */
function otherSignModels(engine: Engine): Scenario[] {
  const applicable = (model: SignModelId): boolean =>
    model !== engine.options.signModel && notApplicable(model, signInputs(engine)) === null
  return VOTING_MODELS.filter(applicable).map((signModel): Scenario => {
    const shadow = { ...shadowOf(engine), options: { ...engine.options, signModel } }
    return { source: 'sign_model', name: signModel, analytics: analyse(shadow) }
  })
}
