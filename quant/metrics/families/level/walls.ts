/** Call and put walls: the strikes with most open gamma, by each way of ranking them. */
import { strikeColumns } from '../../../analytics/byStrike.ts'
import { METHODS } from '../../../analytics/chainAnalytics.ts'
import { WALL_VARIANTS, wallSizes, type WallVariant } from '../../../levels/walls.ts'
import { distanceMetrics } from '../../distance.ts'
import type { Contributions } from '../../evidence.ts'
import type { MarketView } from '../../marketView.ts'
import { measured } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'
import { whyNoExposure } from '../../whyNoExposure.ts'
import { rankedStrikes } from './ranking.ts'

type WallSide = 'call' | 'put'

const GAMMA = 'currency per +1 % of spot, unsigned'
const VARIANTS: Readonly<
  Record<
    WallVariant,
    { name: string; where: string; unit: string; formula: (side: WallSide) => string; method: string }
  >
> = {
  side: {
    name: '',
    where: ' on its own side of spot',
    unit: GAMMA,
    formula: (side) =>
      `argmax over K ${side === 'call' ? '≥' : '≤'} S of Σ ${side}s Γ·OI·M·S²·0.01, all expiries added first`,
    method: METHODS.wall,
  },
  any_side: {
    name: 'AnySide',
    where: ' on either side of spot',
    unit: GAMMA,
    formula: (side) => `argmax over K of Σ ${side}s Γ·OI·M·S²·0.01`,
    method: 'wall.any_side@1',
  },
  net: {
    name: 'Net',
    where: ', the other side’s gamma taken off',
    unit: 'currency per +1 % of spot, this side less the other',
    formula: (side) =>
      `argmax over K of Σ ${side}s Γ·OI·M·S²·0.01 − Σ ${side === 'call' ? 'puts' : 'calls'} Γ·OI·M·S²·0.01`,
    method: 'wall.net@1',
  },
  oi: {
    name: 'Oi',
    where: ', by open interest alone',
    unit: 'contracts',
    formula: (side) => `argmax over K of Σ ${side}s OI`,
    method: 'wall.oi@1',
  },
}
const SOURCE = 'market usage; variants as the public tools in docs/design/conventions.md rank them'

/** How much stands there, and of all that is ranked on that side. */
interface WallStrength {
  readonly size: number
  readonly shareOfSide: number
}

export const WALL_METRICS: readonly Metric[] = WALL_VARIANTS.flatMap((variant) =>
  (['call', 'put'] as const).flatMap((side) => wallMetrics(variant, side)),
)

function wallMetrics(variant: WallVariant, side: WallSide): Metric[] {
  const { name, where, unit, formula, method } = VARIANTS[variant]
  const id = `level.${side}Wall${name}` as const
  const title = `${side === 'call' ? 'Call' : 'Put'} wall${where}`
  const common = { method, source: SOURCE, usesSignModel: false, formula: formula(side) }
  const what = variant === 'oi' ? 'open contracts' : 'gamma'
  const strike: Metric<number> = {
    ...common,
    id,
    title,
    unit: 'currency',
    meaning: `The strike with most ${side} ${what}${where}.`,
    measure: (view) =>
      measured(view, view.analytics.walls[variant][side]?.strike ?? null, whyNoWall(view, side), {
        pick: ({ walls }) => walls[variant][side]?.strike ?? null,
        contributions: () => candidates(view, variant, side),
      }),
  }
  const strength: Metric<WallStrength> = {
    ...common,
    id: `${id}Strength`,
    title: `Strength of the ${side} wall${where}`,
    unit: `${unit}; share of all on that side`,
    meaning: `How much ${side} ${what} stands at the wall, and how much of all there is.`,
    measure: (view) => {
      const wall = view.analytics.walls[variant][side]
      const value = wall === null ? null : { size: wall.size, shareOfSide: wall.shareOfSide }
      return measured(view, value, whyNoWall(view, side), {
        contributions: () => candidates(view, variant, side),
      })
    },
  }
  if (variant !== 'side') return [strike, strength]
  const distances = distanceMetrics({
    id: `${id}Distance`,
    of: `the ${side} wall`,
    method,
    source: SOURCE,
    usesSignModel: false,
    level: (view) => ({
      price: view.analytics.walls.side[side]?.strike ?? null,
      reason: whyNoWall(view, side),
    }),
    pick: ({ walls }) => walls.side[side]?.strike ?? null,
  })
  return [strike, strength, ...distances]
}

function whyNoWall(view: MarketView, side: WallSide): string {
  return whyNoExposure(view) ?? view.analytics.reasons[`walls.side.${side}`] ?? `no ${side}s to rank`
}

/** The strikes that could have been the wall, most first. */
function candidates({ engine, analytics }: MarketView, variant: WallVariant, side: WallSide): Contributions {
  const { chain, measure, sections } = engine
  const columns = strikeColumns(chain, measure.openInterest.table, sections.start)
  const sizes = wallSizes(columns, variant)[side]
  const direction = side === 'call' ? 1 : -1
  const isEligible = (strike: number): boolean =>
    variant !== 'side' || direction * (strike - analytics.spot) >= 0
  return rankedStrikes(chain.strikes, sizes, VARIANTS[variant].unit, isEligible)
}
