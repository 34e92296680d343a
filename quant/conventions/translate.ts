import { FIXED_SIGNS } from '../exposure/signModel.ts'
import type { ChainView } from '../levels/chainView.ts'
import { walls, type StrikeColumns, type Walls } from '../levels/walls.ts'
import { contractsOf, strikeColumnsOf, type DealerSigns } from '../levels/weighing.ts'
import { CONVENTIONS } from './catalogue.ts'
import type { Convention, SourceGrade, WallRule } from './convention.ts'
import { conventionFlip, type ConventionFlip } from './conventionFlip.ts'
import { GAMMA_UNITS, unitFactor } from './exposureUnit.ts'

export interface TranslatedMetric {
  readonly value: number | null
  readonly unit: string
  readonly method: string
}

/** One snapshot as one convention states it. A null value has its reason under the metric's name. */
export interface Translation {
  readonly id: string
  /** `title, as documented by source`. */
  readonly title: string
  readonly source: string
  readonly grade: SourceGrade
  readonly formula: string
  readonly signModel: Convention['signModel']
  readonly weighting: Convention['weighting']
  readonly expiries: Convention['expiries']
  readonly metrics: {
    readonly callGex: TranslatedMetric
    readonly putGex: TranslatedMetric
    readonly netGex: TranslatedMetric
    readonly flip: TranslatedMetric & Pick<ConventionFlip, 'all'> & { readonly status: string }
    readonly callWall: TranslatedMetric
    readonly putWall: TranslatedMetric
  }
  readonly caveats: readonly string[]
  readonly reasons: Readonly<Record<string, string>>
}

const UNDEFINED_METHOD = 'undefined_by_source'

/** Every convention's view of one chain, in catalogue order. */
export function translateAll(view: ChainView, currency = 'USD'): Translation[] {
  return CONVENTIONS.map((convention) => translateBy(view, convention, currency))
}

/** Null when there is no such convention. */
export function translate(view: ChainView, id: string, currency = 'USD'): Translation | null {
  const convention = CONVENTIONS.find((row) => row.id === id)
  return convention === undefined ? null : translateBy(view, convention, currency)
}

/**
 * Reads a chain whose greeks are current under one convention. Exposures are this project's per +1 % times the unit's
 * factor; expiries, weighting, signs and contract size decide what is summed; flip and walls follow the source's rule.
 */
export function translateBy(view: ChainView, convention: Convention, currency: string): Translation {
  const { chain, spot } = view
  const signs = FIXED_SIGNS[convention.signModel] ?? { call: 1, put: -1 }
  const contracts = sizedContracts(view, convention)
  const columns = strikeColumnsOf(view, contracts)
  const exposures = exposureMetrics(columns, convention, signs, spot, currency)
  const flip = flipMetric(view, convention, contracts, signs)
  const wallsFound = convention.walls === null ? null : wallsBy(columns, spot, convention.walls)
  const metrics = { ...exposures, flip, ...wallMetrics(wallsFound, convention.walls) }
  const { id, title, documentedBy, source, grade, formula, signModel, weighting, expiries } = convention
  return {
    id,
    title: `${title}, as documented by ${documentedBy}`,
    source,
    grade,
    formula,
    signModel,
    weighting,
    expiries,
    metrics,
    caveats: [...convention.caveats, ...sizeCaveat(chain.multiplier, convention)],
    reasons: reasonsOf(metrics, convention),
  }
}

/** Contracts in the selection, scaled so that the listed multiplier times them is the source's contract size. */
function sizedContracts(view: ChainView, { weighting, expiries, contractSize }: Convention): Float64Array {
  const contracts = contractsOf(view, weighting, expiries)
  if (contractSize === 'listed') return contracts
  return contracts.map((count, row) => (count * contractSize) / (view.chain.multiplier[row] as number))
}

function exposureMetrics(
  { callGamma, putGamma }: StrikeColumns,
  convention: Convention,
  signs: DealerSigns,
  spot: number,
  currency: string,
): Pick<Translation['metrics'], 'callGex' | 'putGex' | 'netGex'> {
  const factor = unitFactor('per1Pct', convention.unit, spot)
  const total = (side: Float64Array): number => side.reduce((sum, here) => sum + here, 0)
  const call = signs.call * total(callGamma)
  const put = signs.put * total(putGamma)
  const hasGamma = call !== 0 || put !== 0
  const metric = (per1Pct: number): TranslatedMetric => ({
    // Adding 0 turns the −0 of an empty short side into 0.
    value: hasGamma ? factor * per1Pct + 0 : null,
    unit: GAMMA_UNITS[convention.unit].text(currency),
    method: `gex.local.${convention.unit}@1`,
  })
  return { callGex: metric(call), putGex: metric(put), netGex: metric(call + put) }
}

function flipMetric(
  view: ChainView,
  { flip }: Convention,
  contracts: Float64Array,
  signs: DealerSigns,
): Translation['metrics']['flip'] {
  const unit = 'price'
  if (flip === null) return { value: null, unit, method: UNDEFINED_METHOD, status: 'undefined', all: [] }
  return { ...conventionFlip(view, flip, contracts, signs), unit }
}

function wallsBy(columns: StrikeColumns, spot: number, { variant, minDistanceShare = 0 }: WallRule): Walls {
  return {
    call: walls(columns, spot * (1 + minDistanceShare), variant).call,
    put: walls(columns, spot * (1 - minDistanceShare), variant).put,
  }
}

function wallMetrics(
  found: Walls | null,
  rule: WallRule | null,
): Pick<Translation['metrics'], 'callWall' | 'putWall'> {
  const method = rule === null ? UNDEFINED_METHOD : `wall.${rule.variant}@1`
  const metric = (strike: number | undefined): TranslatedMetric => ({
    value: strike ?? null,
    unit: 'strike',
    method,
  })
  return { callWall: metric(found?.call?.strike), putWall: metric(found?.put?.strike) }
}

function sizeCaveat(multiplier: Float64Array, { contractSize }: Convention): string[] {
  if (contractSize === 'listed') return []
  const other = multiplier.find((listed) => listed !== contractSize)
  return other === undefined ? [] : [`the source counts ${contractSize} a contract; here one is ${other}`]
}

function reasonsOf(
  metrics: Translation['metrics'],
  { flip, walls: rule }: Convention,
): Record<string, string> {
  const reasons: Record<string, string> = {}
  for (const name of ['callGex', 'putGex', 'netGex'] as const)
    if (metrics[name].value === null) reasons[name] = 'no contract in the selection has gamma'
  if (metrics.flip.value === null)
    reasons['flip'] = flip === null ? 'the source gives no method' : metrics.flip.status
  for (const name of ['callWall', 'putWall'] as const)
    if (metrics[name].value === null)
      reasons[name] = rule === null ? 'the source gives no method' : 'no gamma on that side'
  return reasons
}
