import type { ChainAnalytics } from '../../../analytics.ts'
import { expiriesToday } from '../../../analytics/engine.ts'
import type { Positions, Side } from '../../../exposure/exposureTable.ts'
import type { MarketView } from '../../marketView.ts'
import { measured, missing } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'
import { exposureByRow, exposureContributions, groupRows } from '../../rowExposures.ts'
import { whyNoExposure } from '../../whyNoExposure.ts'

const UNIT = 'currency per calendar day'
const METHOD = 'theta.per_calendar_day@1'
const SOURCE = 'theta of Black–Scholes–Merton: J. Hull, "Options, Futures, and Other Derivatives"'
const EXPLODES =
  'A rate, not a forecast: near settlement it is far more than the option has left to lose, so read the bleed to the close beside it.'

interface Decay {
  readonly name: string
  readonly title: string
  readonly meaning: string
  readonly formula: string
  readonly read: (analytics: ChainAnalytics) => number | null
  readonly side?: Side
}

const SIGNED: readonly Decay[] = [
  {
    name: 'thetaPerDay',
    title: 'Theta per day',
    meaning: `What dealers gain (positive) or lose per day as time passes, under the sign model. ${EXPLODES}`,
    formula: 'Σ s·θ·OI·M/365',
    read: ({ exposures }) => exposures?.openInterest.theta.net ?? null,
  },
  {
    name: 'thetaPerDayCall',
    title: 'Theta per day of calls',
    meaning: 'What dealers gain (positive) or lose per day on the calls, under the sign model.',
    formula: 'Σ calls s·θ·OI·M/365',
    read: ({ exposures }) => exposures?.openInterest.theta.call ?? null,
    side: 'call',
  },
  {
    name: 'thetaPerDayPut',
    title: 'Theta per day of puts',
    meaning: 'What dealers gain (positive) or lose per day on the puts, under the sign model.',
    formula: 'Σ puts s·θ·OI·M/365',
    read: ({ exposures }) => exposures?.openInterest.theta.put ?? null,
    side: 'put',
  },
]

const SIGNED_METRICS = SIGNED.map(({ name, title, meaning, formula, read, side }): Metric<number> => ({
  id: `thetaForge.${name}`,
  title,
  unit: UNIT,
  method: METHOD,
  usesSignModel: true,
  meaning,
  formula,
  source: SOURCE,
  measure: (view) => {
    const reason = whyNoExposure(view)
    if (reason !== null) return missing(view, reason)
    return measured(view, read(view.analytics), null, {
      pick: read,
      contributions: () => exposureContributions(view, exposureByRow(view, 'theta', { side }), UNIT),
    })
  },
}))

const GROSS: Metric<number> = {
  id: 'thetaForge.thetaPerDayGross',
  title: 'Theta per day, unsigned',
  unit: UNIT,
  method: METHOD,
  usesSignModel: false,
  meaning: `What all open options together lose in value per day, whoever holds them; negative. ${EXPLODES}`,
  formula: 'Σ θ·OI·M/365',
  source: SOURCE,
  measure: (view) => {
    const reason = whyNoExposure(view)
    if (reason !== null) return missing(view, reason)
    const positions = heldLong(view)
    const amounts = exposureByRow(view, 'theta', { positions })
    return measured(view, sum(amounts), null, {
      contributions: () => exposureContributions(view, amounts, UNIT, positions),
    })
  },
}

const ZERO_DTE_SHARE: Metric<number> = {
  id: 'thetaForge.thetaZeroDteShare',
  title: 'Share of theta that settles today',
  unit: 'share',
  method: METHOD,
  usesSignModel: false,
  meaning: 'How much of the day’s decay belongs to options that settle on the exchange’s date of today.',
  formula: 'Σ θ·OI·M of what settles today / Σ θ·OI·M',
  source: 'this project',
  measure: (view) => {
    const reason = whyNoExposure(view) ?? (view.analytics.zeroDte === null ? 'nothing settles today' : null)
    if (reason !== null) return missing(view, reason)
    const { chain, sections } = view.engine
    const all = exposureByRow(view, 'theta', { positions: heldLong(view) })
    const end = chain.expiryStart[sections.frontExpiry + expiriesToday(view.engine)] as number
    const today = sum(all.subarray(0, end))
    const inputs = [
      { name: 'theta of what settles today', value: today, unit: UNIT, asOfMs: view.engine.asOfMs },
      { name: 'theta', value: sum(all), unit: UNIT, asOfMs: view.engine.asOfMs },
    ]
    return measured(view, today / sum(all), 'no open option has theta', { inputs: () => inputs })
  },
}

/** Columns of equal length, soonest first; `signed` adds up to `total`. */
interface ThetaByExpiry {
  readonly expiryMs: readonly number[]
  readonly gross: readonly number[]
  readonly signed: readonly number[]
  readonly total: number
}

const BY_EXPIRY: Metric<ThetaByExpiry> = {
  id: 'thetaForge.thetaByExpiry',
  title: 'Theta per day by expiry',
  unit: UNIT,
  method: METHOD,
  usesSignModel: true,
  meaning:
    'Theta per day of each live expiry: of all open options, and as dealers hold them under the sign model.',
  formula: 'Σ θ·OI·M/365 and Σ s·θ·OI·M/365 over the contracts of each expiry',
  source: SOURCE,
  measure: (view) => {
    const reason = whyNoExposure(view)
    if (reason !== null) return missing(view, reason)
    const { chain, sections } = view.engine
    const amounts = exposureByRow(view, 'theta')
    const live = (rows: Float64Array): number[] =>
      [...groupRows(rows, chain.expiryIndex, chain.expiryCount)].slice(sections.frontExpiry)
    const value = {
      expiryMs: [...chain.expiryMs].slice(sections.frontExpiry),
      gross: live(exposureByRow(view, 'theta', { positions: heldLong(view) })),
      signed: live(amounts),
      total: sum(amounts),
    }
    return measured(view, value, null, {
      contributions: () => exposureContributions(view, amounts, UNIT),
    })
  },
}

export const DECAY_METRICS: readonly Metric[] = [...SIGNED_METRICS, GROSS, ZERO_DTE_SHARE, BY_EXPIRY]

/** Every open contract as its owner holds it. */
function heldLong({ engine }: MarketView): Positions {
  const { contracts } = engine.measure.openInterest.positions
  return { contracts, signed: contracts }
}

function sum(amounts: Float64Array): number {
  return amounts.reduce((total, amount) => total + amount, 0)
}
