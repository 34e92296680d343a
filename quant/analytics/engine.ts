/**
 * An engine owns one chain and every buffer its analysis needs, so that analysing 20,000 contracts several times a
 * second allocates little more than the answer.
 *
 * Feed it quotes through `setQuote` and counts straight into `chain.openInterest` and `chain.volume`; call `reprice`
 * after quotes or the clock moved, `moveSpot` when only spot did; then `analyse`.
 */
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
import { createGammaMeasure, measureGamma, type GammaMeasure } from '../exposure/gammaMeasure.ts'
import type { SignModelId } from '../exposure/signModel.ts'
import { createGammaTerms, fillGammaTerms, type GammaTerms } from '../kernel/gammaTerms.ts'
import { greeksAll } from '../kernel/greeks.ts'
import { expirySections, type ExpirySections } from '../levels/expirySets.ts'
import { createGammaProfile, fillGammaProfile, type GammaProfile } from '../levels/gammaProfile.ts'

export interface EngineOptions extends ForwardOptions {
  readonly signModel: SignModelId
  /** Smallest price step of the options, in their currency; decides when a spread is too wide. */
  readonly priceIncrement: number
}

export const DEFAULT_OPTIONS: EngineOptions = {
  signModel: 'M1',
  fallbackRate: 0.04,
  exercise: 'european',
  priceIncrement: 0.05,
}

export interface Engine {
  readonly chain: Chain
  readonly options: EngineOptions
  readonly quoteFaults: Uint8Array
  readonly forwards: ForwardReport
  readonly measure: GammaMeasure
  readonly terms: GammaTerms
  readonly profile: GammaProfile
  sections: ExpirySections
  volMethod: 'vol.otm_mid@1' | 'vol.given@1'
  spot: number
  asOfMs: number
  /** Whether `chain.vol` holds a solution to start the next one from. */
  isWarm: boolean
}

export function createEngine(chain: Chain, options: Partial<EngineOptions> = {}): Engine {
  return {
    chain,
    options: { ...DEFAULT_OPTIONS, ...options },
    quoteFaults: new Uint8Array(chain.count).fill(VOL_STATUS.no_quote),
    forwards: createForwardReport(chain),
    measure: createGammaMeasure(chain),
    terms: createGammaTerms(chain.count),
    profile: createGammaProfile(),
    sections: expirySections(chain),
    volMethod: 'vol.otm_mid@1',
    spot: Number.NaN,
    asOfMs: Number.NaN,
    isWarm: false,
  }
}

/** A quote for a row of the chain; an absent side is NaN or 0. */
export function putQuote(engine: Engine, row: number, bid: number, ask: number): void {
  engine.quoteFaults[row] = setQuote(engine.chain, row, bid, ask, engine.options.priceIncrement)
}

/** Forwards, volatilities and greeks from the current quotes. */
export function reprice(engine: Engine, spot: number, asOfMs: number): void {
  placeAt(engine, spot, asOfMs)
  impliedForwards(engine.chain, spot, engine.options, engine.forwards)
  solveVols(engine.chain, engine.quoteFaults, engine.isWarm)
  engine.volMethod = 'vol.otm_mid@1'
  engine.isWarm = true
  greeksAll(engine.chain, spot)
}

/** The same with volatilities from elsewhere (a vendor's), per row, NaN where there is none. */
export function repriceAtVols(engine: Engine, spot: number, asOfMs: number, vols: Float64Array): void {
  const { chain } = engine
  placeAt(engine, spot, asOfMs)
  impliedForwards(chain, spot, engine.options, engine.forwards)
  for (let row = 0; row < chain.count; row++) {
    const vol = vols[row] as number
    const expired = (chain.years[chain.expiryIndex[row] as number] as number) === 0
    chain.vol[row] = vol > 0 && !expired ? vol : Number.NaN
    chain.volStatus[row] = expired ? VOL_STATUS.expired : vol > 0 ? VOL_STATUS.priced : VOL_STATUS.no_quote
  }
  shareOutOfTheMoneyVols(chain)
  engine.volMethod = 'vol.given@1'
  engine.isWarm = false
  greeksAll(chain, spot)
}

/** Spot alone moved: forwards move with it, volatilities stay with their strikes, greeks follow. */
export function moveSpot(engine: Engine, spot: number): void {
  const { chain } = engine
  const ratio = spot / engine.spot
  for (let e = 0; e < chain.expiryCount; e++) chain.forward[e] = (chain.forward[e] as number) * ratio
  engine.spot = spot
  greeksAll(chain, spot)
}

/** Exposures and the gamma profile from the current greeks. */
export function measureAll(engine: Engine): void {
  const { chain, spot, measure, terms, profile, sections } = engine
  measureGamma(chain, spot, engine.options.signModel, measure)
  fillGammaTerms(terms, chain, spot, measure.signedOpenInterest, sections.start, sections.end)
  fillGammaProfile(profile, terms, sections, spot)
}

function placeAt(engine: Engine, spot: number, asOfMs: number): void {
  setClock(engine.chain, asOfMs)
  engine.sections = expirySections(engine.chain)
  engine.spot = spot
  engine.asOfMs = asOfMs
}
