/**
 * An engine owns one chain and every buffer its analysis needs, so that analysing 20,000 contracts several times a
 * second allocates little more than the answer.
 *
 * Whole chain: feed quotes through `putQuote` and counts straight into `chain.openInterest`, `chain.volume` and
 * `signedFlow`; call `reprice` after quotes, counts or the clock moved, `moveSpot` when only spot did; then `analyse`.
 * Tick by tick: `incremental.ts`.
 */
import { addPremiumGreeks, weighByGamma } from '../american/chainGreeks.ts'
import {
  createChainPremiums,
  removePremiums,
  takeQuote,
  type ChainPremiums,
} from '../american/chainPremiums.ts'
import { averageGreeks } from '../averaging/averagedExpiry.ts'
import { fillSpotShares, moveForwards } from '../averaging/spotShare.ts'
import { fillDividendTimes, type KnownDividend } from '../american/knownDividends.ts'
import type { TimeZone } from '../calendar/timeZone.ts'
import { NEW_YORK, zonedDate } from '../calendar/timeZone.ts'
import { isPrice } from '../chain/admission.ts'
import type { Chain } from '../chain/chain.ts'
import {
  createForwardReport,
  impliedForwards,
  type ForwardOptions,
  type ForwardReport,
} from '../chain/forwards.ts'
import { setClock } from '../chain/layout.ts'
import { shareOutOfTheMoneyVols, solveVols } from '../chain/outOfTheMoneyVol.ts'
import { setQuote } from '../chain/quote.ts'
import { VOL_STATUS } from '../chain/volStatus.ts'
import {
  createExposureMeasure,
  measureExposures,
  weighExposures,
  type ExposureMeasure,
} from '../exposure/measure.ts'
import type { SignInputs, SignModelId } from '../exposure/signModel.ts'
import { fillSkewSigns } from '../exposure/skewSign.ts'
import { createGammaTerms, fillGammaTerms, type GammaTerms } from '../kernel/gammaTerms.ts'
import { greeksRange } from '../kernel/greeks.ts'
import { expirySections, type ExpirySections } from '../levels/expirySets.ts'
import { createGammaProfile, fillGammaProfile, type GammaProfile } from '../levels/gammaProfile.ts'

export interface EngineOptions extends ForwardOptions {
  readonly signModel: SignModelId
  /** Smallest price step of the options, in their currency; decides when a spread is too wide. */
  readonly priceIncrement: number
  /** Where the exchange's date is read, which says what settles today. */
  readonly timeZone: TimeZone
  /** Cash dividends of the underlying; where they are not known the forwards imply a carry. */
  readonly dividends: readonly KnownDividend[]
  /** Share of signed flow that opens positions; see `SignInputs`. */
  readonly openingShare: number
}

export const DEFAULT_OPTIONS: EngineOptions = {
  signModel: 'M1',
  fallbackRate: 0.04,
  exercise: 'european',
  priceIncrement: 0.05,
  timeZone: NEW_YORK,
  dividends: [],
  openingShare: 0.43,
}

export type VolMethod = 'vol.otm_mid@1' | 'vol.otm_mid.american@1' | 'vol.given@1'

export interface Engine {
  readonly chain: Chain
  readonly options: EngineOptions
  readonly quoteFaults: Uint8Array
  /** Per row: contracts customers bought minus sold today, NaN when unknown. */
  readonly signedFlow: Float64Array
  readonly forwards: ForwardReport
  readonly measure: ExposureMeasure
  readonly terms: GammaTerms
  readonly profile: GammaProfile
  /** Early exercise; null on European options. */
  readonly premiums: ChainPremiums | null
  sections: ExpirySections
  volMethod: VolMethod
  spot: number
  asOfMs: number
  /** Spot at the last full reprice, which forwards and volatilities come from. */
  repricedSpot: number
  /** Whether `chain.vol` holds a solution to start the next one from. */
  isWarm: boolean
  /** Whether exposures and profile belong to the current greeks. */
  isMeasured: boolean
}

export function createEngine(chain: Chain, options: Partial<EngineOptions> = {}): Engine {
  return {
    chain,
    options: { ...DEFAULT_OPTIONS, ...options },
    quoteFaults: new Uint8Array(chain.count).fill(VOL_STATUS.no_quote),
    signedFlow: new Float64Array(chain.count).fill(Number.NaN),
    forwards: createForwardReport(chain),
    measure: createExposureMeasure(chain),
    terms: createGammaTerms(chain.count),
    profile: createGammaProfile(),
    premiums: options.exercise === 'american' ? createChainPremiums(chain) : null,
    sections: expirySections(chain),
    volMethod: 'vol.otm_mid@1',
    spot: Number.NaN,
    asOfMs: Number.NaN,
    repricedSpot: Number.NaN,
    isWarm: false,
    isMeasured: false,
  }
}

/** A quote for a row of the chain; an absent side is NaN or 0. */
export function putQuote(engine: Engine, row: number, bid: number, ask: number): void {
  const { chain, premiums, options } = engine
  engine.quoteFaults[row] = setQuote(chain, row, bid, ask, options.priceIncrement)
  if (premiums !== null) takeQuote(premiums, chain, row)
}

/** Forwards, volatilities and greeks from the current quotes. A spot that cannot be a price leaves nothing priced. */
export function reprice(engine: Engine, spot: number, asOfMs: number): void {
  placeAt(engine, spot, asOfMs)
  impliedForwards(engine.chain, engine.spot, engine.options, engine.forwards)
  solveVols(engine.chain, engine.quoteFaults, engine.isWarm)
  if (engine.premiums !== null) solveAmericanVols(engine, engine.premiums)
  engine.volMethod = engine.premiums === null ? 'vol.otm_mid@1' : 'vol.otm_mid.american@1'
  engine.isWarm = true
  fillSpotShares(engine.chain, engine.spot)
  fillGreeks(engine)
}

/** Steps from quotes alone to the volatility and forward of American options; after a tick one step keeps up. */
const COLD_STEPS = 3

function solveAmericanVols(engine: Engine, premiums: ChainPremiums): void {
  const { chain, spot, options, forwards, quoteFaults } = engine
  for (let step = engine.isWarm ? COLD_STEPS - 1 : 0; step < COLD_STEPS; step++) {
    removePremiums(premiums, chain, spot)
    impliedForwards(chain, spot, options, forwards)
    solveVols(chain, quoteFaults, true)
  }
}

/** Greeks of rows [from, to) at their volatilities. */
export function fillGreeks({ chain, spot, premiums }: Engine, from = 0, to = chain.count): void {
  greeksRange(chain, spot, from, to)
  if (premiums !== null) addPremiumGreeks(premiums, chain, spot, from, to)
  averageGreeks(chain, from, to)
}

/** The same with volatilities from elsewhere (a vendor's), per row, NaN where there is none. */
export function repriceAtVols(engine: Engine, spot: number, asOfMs: number, vols: Float64Array): void {
  const { chain } = engine
  placeAt(engine, spot, asOfMs)
  impliedForwards(chain, engine.spot, engine.options, engine.forwards)
  for (let row = 0; row < chain.count; row++) {
    const vol = vols[row] as number
    const expired = (chain.years[chain.expiryIndex[row] as number] as number) === 0
    chain.vol[row] = vol > 0 && !expired ? vol : Number.NaN
    chain.volStatus[row] = expired ? VOL_STATUS.expired : vol > 0 ? VOL_STATUS.priced : VOL_STATUS.no_quote
  }
  shareOutOfTheMoneyVols(chain)
  if (engine.premiums !== null) {
    removePremiums(engine.premiums, chain, engine.spot)
    impliedForwards(chain, engine.spot, engine.options, engine.forwards)
  }
  engine.volMethod = 'vol.given@1'
  engine.isWarm = false
  fillSpotShares(chain, engine.spot)
  fillGreeks(engine)
}

/** Spot alone moved: forwards move with it, volatilities stay with their strikes, greeks follow. */
export function moveSpot(engine: Engine, spot: number): void {
  const { chain } = engine
  moveForwards(chain, spot / engine.spot)
  engine.spot = spot
  engine.isMeasured = false
  fillGreeks(engine)
}

/** Exposures and the gamma profile from the current counts and greeks. */
export function measureAll(engine: Engine): void {
  const { chain, spot, measure, terms, profile, sections } = engine
  fillSkewSigns(chain, spot, measure.skewSigns)
  weighExposures(measure, engine.options.signModel, signInputs(engine))
  measureExposures(measure, chain, spot)
  fillProfileTerms(engine, sections.start, sections.end)
  fillGammaProfile(profile, terms, sections, spot)
  engine.isMeasured = true
}

/** The profile's terms of rows [from, to). */
export function fillProfileTerms(engine: Engine, from: number, to: number): void {
  const { chain, spot, measure, terms, premiums } = engine
  const { signed } = measure.openInterest.positions
  const weights = premiums === null ? signed : weighByGamma(premiums, signed, from, to)
  fillGammaTerms(terms, chain, spot, weights, from, to)
}

/** What sign models are weighed with, the skew as of the last full measure. */
export function signInputs({ chain, signedFlow, options, measure }: Engine): SignInputs {
  return { chain, signedFlow, openingShare: options.openingShare, skewSigns: measure.skewSigns }
}

/** How many of the live expiries, soonest first, settle on today's date of the exchange. */
export function expiriesToday({ chain, sections, asOfMs, options }: Engine): number {
  if (sections.frontExpiry < 0) return 0
  const today = zonedDate(options.timeZone, asOfMs)
  let e = sections.frontExpiry
  while (e < chain.expiryCount && zonedDate(options.timeZone, chain.expiryMs[e] as number) === today) e++
  return e - sections.frontExpiry
}

function placeAt(engine: Engine, spot: number, asOfMs: number): void {
  setClock(engine.chain, asOfMs)
  engine.sections = expirySections(engine.chain)
  engine.spot = isPrice(spot) ? spot : Number.NaN
  fillDividendTimes(engine.chain, engine.spot, asOfMs, engine.options.dividends, engine.options.fallbackRate)
  engine.repricedSpot = engine.spot
  engine.asOfMs = asOfMs
  engine.isMeasured = false
}
