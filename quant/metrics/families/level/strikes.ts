/** Single strikes at which gamma or today's trading gathers. */
import { strikeColumns } from '../../../analytics/byStrike.ts'
import { METHODS, type ChainAnalytics } from '../../../analytics/chainAnalytics.ts'
import { column } from '../../../exposure/exposureTable.ts'
import { absoluteGamma, largest } from '../../../levels/walls.ts'
import type { MarketView } from '../../marketView.ts'
import { measured } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'
import { exposureByRow, groupRows } from '../../rowExposures.ts'
import { whyNoExposure } from '../../whyNoExposure.ts'
import { rankedStrikes } from './ranking.ts'

const GAMMA = 'currency per +1 % of spot, unsigned'
const USAGE = 'market usage'

const ABSOLUTE_GAMMA: Metric<number> = {
  id: 'level.absoluteGammaStrike',
  title: 'Absolute-gamma strike',
  unit: 'currency',
  method: METHODS.absoluteGamma,
  usesSignModel: false,
  meaning: 'The strike with most gamma, calls and puts both counted positive.',
  formula: 'argmax over K of Σ Γ·OI·M·S²·0.01, calls and puts',
  source: 'SpotGamma glossary, "Absolute Gamma Strike"',
  measure: (view) => {
    const { chain, measure, sections } = view.engine
    const read = (analytics: ChainAnalytics): number | null => analytics.absoluteGamma?.strike ?? null
    return measured(view, read(view.analytics), whyNoExposure(view) ?? 'no gamma', {
      pick: read,
      contributions: () => {
        const columns = strikeColumns(chain, measure.openInterest.table, sections.start)
        return rankedStrikes(chain.strikes, absoluteGamma(columns), GAMMA)
      },
    })
  },
}

const FRONT_MAGNET: Metric<number> = {
  id: 'level.frontMagnet',
  title: 'Magnet of the front expiry, unsmoothed',
  unit: 'currency',
  method: METHODS.magnet,
  usesSignModel: false,
  meaning:
    'The strike of the front expiry with most gamma near the money. PinMap’s magnet smooths over neighbours first.',
  formula: 'argmax over strikes within 2 expected moves of Σ OI·M·S·|Δ(1.005·S) − Δ(0.995·S)|',
  source: 'this project, after Avellaneda & Lipkin (2003)',
  measure: (view) => {
    const { chain, measure, sections } = view.engine
    const read = ({ magnetStrike }: ChainAnalytics): number | null => magnetStrike
    return measured(
      view,
      read(view.analytics),
      view.analytics.reasons['magnetStrike'] ?? whyNoExposure(view),
      {
        pick: read,
        contributions: () => {
          const { contracts } = measure.openInterest.positions
          const positions = { contracts, signed: contracts }
          const rows = exposureByRow(view, 'gammaFinite', {
            positions,
            from: sections.start,
            to: sections.frontEnd,
          })
          return rankedStrikes(chain.strikes, groupRows(rows, chain.strikeIndex, chain.strikeCount), GAMMA)
        },
      },
    )
  },
}

interface VolumeLevel {
  readonly name: string
  readonly title: string
  readonly meaning: string
  readonly formula: string
  readonly method: string
  readonly unit: string
  /** By strike. */
  readonly sizes: (view: MarketView) => Float64Array
  readonly whyNone: (view: MarketView) => string
}

const VOLUME_LEVELS: readonly VolumeLevel[] = [
  {
    name: 'highVolumeStrike',
    title: 'High-volume strike',
    meaning: 'The strike at which most contracts have traded this session, calls and puts, all expiries.',
    formula: 'argmax over K of Σ volume',
    method: 'volume.largest_strike@1',
    unit: 'contracts this session',
    sizes: ({ engine: { chain, sections } }) =>
      groupRows(
        chain.volume.map((count, row) => (row >= sections.start && count > 0 ? count : 0)),
        chain.strikeIndex,
        chain.strikeCount,
      ),
    whyNone: ({ analytics }) =>
      analytics.coverage.live === 0 ? 'every contract has settled' : 'no contract has traded this session',
  },
  {
    name: 'volumeGammaStrike',
    title: 'Strike with most traded gamma',
    meaning:
      'The absolute-gamma strike of today’s trading alone: contracts traded this session in place of open ones.',
    formula: 'argmax over K of Σ Γ·volume·M·S²·0.01, calls and puts',
    method: 'volume.absolute_gamma@1',
    unit: GAMMA,
    sizes: ({ engine: { measure } }) => {
      const { byStrike } = measure.volume.table
      const puts = column(byStrike, 'gammaMass', 'put')
      return column(byStrike, 'gammaMass', 'call').map((call, k) => call + (puts[k] as number))
    },
    whyNone: (view) => whyNoExposure(view, 'volume') ?? 'no traded contract has gamma',
  },
]

const VOLUME_METRICS = VOLUME_LEVELS.map(({ sizes, whyNone, unit, name, ...texts }): Metric<number> => ({
  ...texts,
  id: `level.${name}`,
  unit: 'currency',
  usesSignModel: false,
  source: USAGE,
  measure: (view) => {
    const { analytics, engine } = view
    const found = sizes(view)
    const wall = largest(engine.chain.strikes, found, analytics.spot)
    return measured(view, wall?.strike ?? null, whyNone(view), {
      contributions: () => rankedStrikes(engine.chain.strikes, found, unit),
    })
  },
}))

export const STRIKE_METRICS: readonly Metric[] = [ABSOLUTE_GAMMA, FRONT_MAGNET, ...VOLUME_METRICS]
