/**
 * From a chain's quotes to everything the product shows about it. `computeAnalytics` does it once; a live symbol keeps
 * an `Engine` (`analytics/engine.ts`) and calls `analyse` after each `reprice` or `moveSpot`.
 */
import { byExpiry } from './analytics/byExpiry.ts'
import { byStrike, strikeColumns } from './analytics/byStrike.ts'
import { METHODS, UNITS, type ChainAnalytics, type ExpiryAnalytics } from './analytics/chainAnalytics.ts'
import { coverage } from './analytics/coverage.ts'
import {
  createEngine,
  measureAll,
  putQuote,
  reprice,
  signInputs,
  type Engine,
  type EngineOptions,
} from './analytics/engine.ts'
import { exposureTotals, gammaTotals, zeroDte } from './analytics/exposures.ts'
import type { ContractSpec } from './chain/chain.ts'
import { layOutChain } from './chain/layout.ts'
import { toExactGrid } from './exposure/exactSum.ts'
import { noSignTotals, signTotals, type SignTotals } from './exposure/signTotals.ts'
import { atTheMoneyVol } from './levels/atTheMoneyVol.ts'
import type { ExpirySetId } from './levels/expirySets.ts'
import { LADDER, readProfile } from './levels/gammaProfile.ts'
import { magnetStrike } from './levels/magnet.ts'
import { putCallRatio } from './levels/putCallRatio.ts'
import { absoluteGammaStrike, walls, WALL_VARIANTS, type Walls, type WallVariant } from './levels/walls.ts'
import { zeroGamma, type ZeroGamma } from './levels/zeroGamma.ts'

export type { ChainAnalytics } from './analytics/chainAnalytics.ts'

/** One contract with its market: `bid` and `ask` in the option's currency, null (or 0) when absent. */
export interface ContractInput extends ContractSpec {
  readonly bid: number | null
  readonly ask: number | null
  /** Contracts; null when not known. */
  readonly openInterest: number | null
  readonly volume: number | null
  /** Contracts customers bought minus sold today; absent or null when not known. */
  readonly signedFlow?: number | null
}

/** Lays out a chain from its inputs, quotes and counts included. A count that cannot be one is as good as unknown. */
export function engineOf(contracts: readonly ContractInput[], options: Partial<EngineOptions> = {}): Engine {
  const engine = createEngine(layOutChain(contracts), options)
  const { chain } = engine
  for (const [i, contract] of contracts.entries()) {
    const row = chain.rowOf[i] as number
    if (row < 0) continue
    putQuote(engine, row, contract.bid ?? Number.NaN, contract.ask ?? Number.NaN)
    chain.openInterest[row] = countOr(Number.NaN, contract.openInterest)
    chain.volume[row] = countOr(0, contract.volume)
    const flow = contract.signedFlow ?? Number.NaN
    engine.signedFlow[row] = Math.abs(flow) <= MOST_CONTRACTS ? flow : Number.NaN
  }
  return engine
}

/** A count above this is a fault of the data; exposures of it would leave the exact grid. */
const MOST_CONTRACTS = 1e9

function countOr(unknown: number, count: number | null): number {
  return count !== null && count >= 0 && count <= MOST_CONTRACTS ? count : unknown
}

export function computeAnalytics(
  contracts: readonly ContractInput[],
  spot: number,
  asOfMs: number,
  options: Partial<EngineOptions> = {},
): ChainAnalytics {
  const engine = engineOf(contracts, options)
  reprice(engine, spot, asOfMs)
  return analyse(engine)
}

/**
 * Reads everything off an engine that has been repriced. With `isStale` (spot or quotes too old for the caller's
 * purpose) no flip is named: crossings are still listed, under status `stale`.
 */
export function analyse(engine: Engine, { isStale = false } = {}): ChainAnalytics {
  if (!engine.isMeasured) measureAll(engine)
  const { chain, measure, profile, sections, spot, terms } = engine
  const { table } = measure.openInterest
  readProfile(profile, sections)
  const columns = strikeColumns(chain, table, sections.start)
  const covered = coverage(chain, engine.quoteFaults, sections.start)
  const isPriced = covered.priced > 0
  const front = sections.frontExpiry
  const expiries = byExpiry(engine)
  const flip = (set: ExpirySetId): ZeroGamma => {
    const found = zeroGamma(set, profile, terms, sections, spot)
    return isStale ? { ...found, nearest: null, status: 'stale' } : found
  }
  const wallsBy = (variant: WallVariant): Walls => walls(columns, spot, variant)
  const signs = isPriced
    ? signTotals(table, { chain, spot, deltaChange: measure.deltaChange }, signInputs(engine))
    : noSignTotals(whyNoGamma(covered))
  const analytics = {
    asOfMs: engine.asOfMs,
    spot,
    signModel: engine.options.signModel,
    methods: { ...METHODS, vol: engine.volMethod },
    units: UNITS,
    coverage: covered,
    exposure: gammaTotals(engine, isPriced),
    exposures: exposureTotals(engine, isPriced),
    zeroDte: isPriced ? zeroDte(engine) : null,
    signModels: signs.totals,
    signAgreement: isPriced ? signs.agreement : null,
    byStrike: byStrike(table, columns),
    byExpiry: expiries,
    profile: publishedProfile(engine),
    flips: { all: flip('all'), within90d: flip('within90d'), front: flip('front') },
    walls: Object.fromEntries(WALL_VARIANTS.map((v) => [v, wallsBy(v)])) as Record<WallVariant, Walls>,
    absoluteGamma: absoluteGammaStrike(columns, spot),
    magnetStrike: front < 0 ? null : frontMagnet(engine),
    maxPainFront: expiries[0]?.maxPain ?? null,
    putCallRatio: putCallRatios(expiries),
  }
  return { ...analytics, reasons: reasons(analytics, signs) }
}

/** The magnet of the front expiry, by unsigned finite gamma. */
function frontMagnet({ chain, sections, measure, spot }: Engine): number | null {
  const weight = new Float64Array(sections.frontEnd)
  const { contracts } = measure.openInterest.positions
  for (let row = sections.start; row < sections.frontEnd; row++) {
    const shares = (contracts[row] as number) * (chain.multiplier[row] as number)
    const gamma = shares * spot * (measure.deltaChange[row] as number)
    weight[row] = gamma === gamma ? toExactGrid(gamma) : 0
  }
  return magnetStrike(chain, sections.frontExpiry, weight, atTheMoneyVol(chain, sections.frontExpiry))
}

function putCallRatios(expiries: readonly ExpiryAnalytics[]): ChainAnalytics['putCallRatio'] {
  const sum = (of: (expiry: ExpiryAnalytics) => number): number =>
    expiries.reduce((all, expiry) => all + of(expiry), 0)
  return {
    openInterest: putCallRatio(
      sum((e) => e.putOpenInterest),
      sum((e) => e.callOpenInterest),
    ),
    volume: putCallRatio(
      sum((e) => e.putVolume),
      sum((e) => e.callVolume),
    ),
  }
}

/** Every eighth level of the ladder, in currency per 1 %. */
function publishedProfile({ profile }: Engine): ChainAnalytics['profile'] {
  const spot: number[] = []
  const netGex: number[] = []
  for (let level = 0; level < LADDER.levels; level += LADDER.stride) {
    const at = Math.exp(profile.lnSpot0 + level * LADDER.step)
    spot.push(at)
    netGex.push(0.01 * at * (profile.sets.all[level] as number))
  }
  return { spot, netGex }
}

function whyNoGamma({ live }: ChainAnalytics['coverage']): string {
  return live === 0 ? 'every contract has settled' : 'no contract has a volatility'
}

/** Why each null is null. */
function reasons(analytics: Omit<ChainAnalytics, 'reasons'>, signs: SignTotals): Record<string, string> {
  const found: Record<string, string> = {}
  const { coverage, flips, walls, putCallRatio, byExpiry } = analytics
  const noGamma = whyNoGamma(coverage)
  if (coverage.priced === 0) found['exposure'] = noGamma
  if (analytics.zeroDte === null) found['zeroDte'] = coverage.priced === 0 ? noGamma : 'nothing settles today'
  for (const [model, reason] of Object.entries(signs.reasons)) found[`signModels.${model}`] = reason
  for (const [set, flip] of Object.entries(flips))
    if (flip.nearest === null) found[`flips.${set}`] = flip.status
  if (walls.side.call === null) found['walls.side.call'] = 'no call gamma at or above spot'
  if (walls.side.put === null) found['walls.side.put'] = 'no put gamma at or below spot'
  if (analytics.absoluteGamma === null) found['absoluteGamma'] = 'no gamma'
  if (analytics.magnetStrike === null) found['magnetStrike'] = 'no gamma near the money in the front expiry'
  if (analytics.maxPainFront === null) found['maxPainFront'] = 'no open interest in the front expiry'
  if (putCallRatio.openInterest === null) found['putCallRatio.openInterest'] = 'no call open interest'
  if (putCallRatio.volume === null) found['putCallRatio.volume'] = 'no call volume'
  for (const [i, { atmVol, maxPain: pain, averaging, forwardSource }] of byExpiry.entries()) {
    if (atmVol === null) found[`byExpiry.${i}.atmVol`] = 'the forward is not between two priced strikes'
    if (pain === null) found[`byExpiry.${i}.maxPain`] = 'no open interest'
    if (averaging?.averageSoFar === null)
      found[`byExpiry.${i}.averaging.averageSoFar`] =
        forwardSource === 'parity' ? 'under a tenth averaged' : 'no parity forward; taken to stand at spot'
  }
  return found
}
