/**
 * From a chain's quotes to everything the product shows about it. `computeAnalytics` does it once; a live symbol keeps
 * an `Engine` (`analytics/engine.ts`) and calls `analyse` after each `reprice` or `moveSpot`.
 */
import { byExpiry } from './analytics/byExpiry.ts'
import { byStrike, strikeColumns } from './analytics/byStrike.ts'
import { METHODS, UNITS, type ChainAnalytics, type SideTotals } from './analytics/chainAnalytics.ts'
import { coverage } from './analytics/coverage.ts'
import {
  createEngine,
  measureAll,
  putQuote,
  reprice,
  type Engine,
  type EngineOptions,
} from './analytics/engine.ts'
import type { ContractSpec } from './chain/chain.ts'
import { layOutChain } from './chain/layout.ts'
import type { ExposureSums } from './exposure/sums.ts'
import { atTheMoneyVol } from './levels/atTheMoneyVol.ts'
import type { ExpirySetId } from './levels/expirySets.ts'
import { LADDER } from './levels/gammaProfile.ts'
import { magnetStrike } from './levels/magnet.ts'
import { maxPain } from './levels/maxPain.ts'
import { countBySide, putCallRatio } from './levels/putCallRatio.ts'
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
}

/** Lays out a chain from its inputs, quotes and counts included. */
export function engineOf(contracts: readonly ContractInput[], options: Partial<EngineOptions> = {}): Engine {
  const engine = createEngine(layOutChain(contracts), options)
  const { chain } = engine
  for (const [i, contract] of contracts.entries()) {
    const row = chain.rowOf[i] as number
    putQuote(engine, row, contract.bid ?? Number.NaN, contract.ask ?? Number.NaN)
    chain.openInterest[row] = contract.openInterest ?? Number.NaN
    chain.volume[row] = contract.volume ?? 0
  }
  return engine
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
  measureAll(engine)
  const { chain, measure, profile, sections, spot, terms } = engine
  const columns = strikeColumns(chain, measure, sections.start)
  const covered = coverage(chain, engine.quoteFaults, sections.start)
  const front = sections.frontExpiry
  const openInterest = countBySide(chain, chain.openInterest, sections.start, sections.end)
  const volume = countBySide(chain, chain.volume, sections.start, sections.end)
  const flip = (set: ExpirySetId): ZeroGamma => {
    const found = zeroGamma(set, profile, terms, sections, spot)
    return isStale ? { ...found, nearest: null, status: 'stale' } : found
  }
  const wallsBy = (variant: WallVariant): Walls => walls(columns, spot, variant)
  const analytics = {
    asOfMs: engine.asOfMs,
    spot,
    signModel: engine.options.signModel,
    methods: { ...METHODS, vol: engine.volMethod },
    units: UNITS,
    coverage: covered,
    exposure: exposure(engine, covered.priced > 0),
    byStrike: byStrike(measure, columns),
    byExpiry: byExpiry(engine),
    profile: publishedProfile(engine),
    flips: { all: flip('all'), within90d: flip('within90d'), front: flip('front') },
    walls: Object.fromEntries(WALL_VARIANTS.map((v) => [v, wallsBy(v)])) as Record<WallVariant, Walls>,
    absoluteGamma: absoluteGammaStrike(columns, spot),
    magnetStrike:
      front < 0 ? null : magnetStrike(chain, front, measure.finiteMassRows, atTheMoneyVol(chain, front)),
    maxPainFront: front < 0 ? null : maxPain(chain, front),
    putCallRatio: {
      openInterest: putCallRatio(openInterest.puts, openInterest.calls),
      volume: putCallRatio(volume.puts, volume.calls),
    },
  }
  return { ...analytics, reasons: reasons(analytics) }
}

function exposure({ measure }: Engine, isPriced: boolean): ChainAnalytics['exposure'] {
  const { local, finite, byVolume } = measure
  const orNull = (value: number): number | null => (isPriced ? value : null)
  const sides = (sums: ExposureSums): SideTotals => ({
    call: orNull(sums.call),
    put: orNull(sums.put),
    net: orNull(sums.net),
  })
  return {
    local: sides(local),
    finite: sides(finite),
    byVolume: sides(byVolume),
    gross: orNull(Math.abs(local.call) + Math.abs(local.put)),
    aboveSpot: orNull(local.aboveSpot),
    belowSpot: orNull(local.belowSpot),
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

/** Why each null is null. */
function reasons(analytics: Omit<ChainAnalytics, 'reasons'>): Record<string, string> {
  const found: Record<string, string> = {}
  const { coverage, flips, walls, putCallRatio, byExpiry } = analytics
  const noGamma = coverage.live === 0 ? 'every contract has settled' : 'no contract has a volatility'
  if (coverage.priced === 0) found['exposure'] = noGamma
  for (const [set, flip] of Object.entries(flips))
    if (flip.nearest === null) found[`flips.${set}`] = flip.status
  if (walls.side.call === null) found['walls.side.call'] = 'no call gamma at or above spot'
  if (walls.side.put === null) found['walls.side.put'] = 'no put gamma at or below spot'
  if (analytics.absoluteGamma === null) found['absoluteGamma'] = 'no gamma'
  if (analytics.magnetStrike === null) found['magnetStrike'] = 'no gamma near the money in the front expiry'
  if (analytics.maxPainFront === null) found['maxPainFront'] = 'no open interest in the front expiry'
  if (putCallRatio.openInterest === null) found['putCallRatio.openInterest'] = 'no call open interest'
  if (putCallRatio.volume === null) found['putCallRatio.volume'] = 'no call volume'
  for (const [i, { atmVol, maxPain: pain }] of byExpiry.entries()) {
    if (atmVol === null) found[`byExpiry.${i}.atmVol`] = 'the forward is not between two priced strikes'
    if (pain === null) found[`byExpiry.${i}.maxPain`] = 'no open interest'
  }
  return found
}
