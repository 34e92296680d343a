import { bounded, toExactGrid } from '../../../exposure/exactSum.ts'
import { bleedToClose, valueLostBy, type DecayTotals } from '../../../exposure/bleedToClose.ts'
import type { Positions, Sides } from '../../../exposure/exposureTable.ts'
import { sumOf, type Contributions } from '../../evidence.ts'
import type { MarketView } from '../../marketView.ts'
import { measured, missing } from '../../measurement.ts'
import type { Measurement, Metric } from '../../metric.ts'
import { contractInputs } from '../../rowExposures.ts'
import { whyNoExposure } from '../../whyNoExposure.ts'

const UNIT = 'currency until the close'
const METHOD = 'theta.bleed_to_close@1'
const SOURCE = 'this project: options repriced at the close with spot, volatilities and carry as they are'

/** What settles by the close: its bleed is all the time value it has left. */
interface SettlingBleed extends Sides {
  readonly extrinsic: number
  /** As quoted, for the comparison. */
  readonly thetaPerDay: number
}

export const BLEED_METRICS: readonly Metric[] = [
  bleedMetric(
    'bleedToClose',
    'Bleed to the close',
    'What all open options will have lost by the close if spot and volatilities stay, whoever holds them. Unlike theta it cannot exceed what is there to lose by much.',
    'Σ (P now − P(S, close))·OI·M',
    'gross',
  ),
  bleedMetric(
    'bleedToCloseSigned',
    'Bleed to the close, signed',
    'What dealers will have lost by the close, under the sign model, if spot and volatilities stay. Negative: their positions gain.',
    'Σ s·(P now − P(S, close))·OI·M',
    'signed',
  ),
  {
    id: 'thetaForge.bleedToCloseSettling',
    title: 'Bleed to the close of what settles by then',
    unit: UNIT,
    method: METHOD,
    usesSignModel: false,
    meaning:
      'For options that settle by the close the bleed is their whole time value. Theta per day beside it shows how far a daily rate overstates the last hours.',
    formula: 'Σ over what settles by the close of (P now − exercise value at S)·OI·M',
    source: SOURCE,
    measure: measureSettling,
  },
]

function bleedMetric(
  name: string,
  title: string,
  meaning: string,
  formula: string,
  held: 'gross' | 'signed',
): Metric<Sides> {
  return {
    id: `thetaForge.${name}`,
    title,
    unit: UNIT,
    method: METHOD,
    usesSignModel: held === 'signed',
    meaning,
    formula,
    source: SOURCE,
    measure: (view) => measureBleed(view, held),
  }
}

function measureBleed(view: MarketView, held: 'gross' | 'signed'): Measurement<Sides> {
  const found = bleedOf(view)
  if (typeof found === 'string') return missing(view, found)
  return measured(view, found.bleed.all[held], null, {
    notes: found.notes,
    contributions: () => contributions(view, held, found.closeMs, Infinity),
  })
}

function measureSettling(view: MarketView): Measurement<SettlingBleed> {
  const found = bleedOf(view)
  if (typeof found === 'string') return missing(view, found)
  const { bleed, extrinsic, thetaPerDay, closeMs } = found
  if (bleed.settling === null || extrinsic.settling === null || thetaPerDay.settling === null)
    return missing(view, 'nothing settles by the close')
  const value = {
    ...bleed.settling.gross,
    extrinsic: extrinsic.settling.gross.net,
    thetaPerDay: thetaPerDay.settling.gross.net,
  }
  return measured(view, value, null, {
    notes: found.notes,
    contributions: () => contributions(view, 'gross', closeMs, closeMs),
  })
}

interface Bleed {
  readonly closeMs: number
  readonly bleed: DecayTotals
  readonly extrinsic: DecayTotals
  readonly thetaPerDay: DecayTotals
  readonly notes: readonly string[]
}

/** Or why there is none. */
function bleedOf(view: MarketView): Bleed | string {
  const { session, engine } = view
  const reason = whyNoExposure(view) ?? (session === null ? 'the session is not known' : null)
  if (reason !== null || session === null) return reason ?? 'the session is not known'
  const found = bleedToClose(engine, session.closeMs)
  if (!found.ok) return found.reason
  return { ...found, closeMs: session.closeMs, notes: found.note === null ? [] : [found.note] }
}

/** Contracts that settle up to `settledByMs`, as they enter the sum. */
function contributions(
  view: MarketView,
  held: 'gross' | 'signed',
  closeMs: number,
  settledByMs: number,
): Contributions {
  const { chain, measure, sections } = view.engine
  const { contracts, signed } = measure.openInterest.positions
  const positions: Positions = { contracts, signed: held === 'gross' ? contracts : signed }
  const lost = valueLostBy(view.engine, closeMs)
  const amounts = lost.map((perUnit, row) => {
    const settlesMs = chain.expiryMs[chain.expiryIndex[row] as number] as number
    if (row < sections.start || settlesMs > settledByMs) return 0
    const shares = (positions.signed[row] as number) * (chain.multiplier[row] as number)
    const amount = toExactGrid(bounded(shares * perUnit))
    return Number.isNaN(amount) ? 0 : amount
  })
  return sumOf(UNIT, amounts, (row) => contractInputs(view, row, positions))
}
