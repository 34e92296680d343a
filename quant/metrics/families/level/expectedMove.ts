/** The move that option prices leave room for, three ways, none of which is a range that will hold. */
import { expectedMoves, type ExpectedMove, type ExpectedMoves } from '../../../volatility/expectedMove.ts'
import { smileInputs } from '../../../volatility/smileInputs.ts'
import type { MarketView } from '../../marketView.ts'
import { measured, missing } from '../../measurement.ts'
import type { Metric } from '../../metric.ts'

type Way = 'straddle' | 'oneSigmaByStraddle' | 'oneSigmaByVol'

const WAYS: Readonly<
  Record<Way, Pick<Metric, 'id' | 'title' | 'meaning' | 'formula' | 'method' | 'source'>>
> = {
  straddle: {
    id: 'level.expectedMoveStraddle',
    title: 'Expected move by straddle, front expiry',
    meaning:
      'The price of the straddle at the forward: the average move either way until settlement. A normal settlement stays within it 57.5 % of the time, not 68 %.',
    formula: 'call + put at the forward, undiscounted, between the two quoted straddles around it',
    method: 'expected_move.straddle@1',
    source: 'market usage; M. Brenner and M. Subrahmanyam (1988)',
  },
  oneSigmaByStraddle: {
    id: 'level.expectedMoveSigmaStraddle',
    title: 'One standard deviation by straddle, front expiry',
    meaning: 'One standard deviation of a normal move with this straddle, which covers 68.3 %.',
    formula: '√(π/2) · straddle at the forward',
    method: 'expected_move.straddle_sigma@1',
    source:
      'M. Brenner and M. Subrahmanyam, "A simple formula to compute the implied standard deviation" (1988)',
  },
  oneSigmaByVol: {
    id: 'level.expectedMoveSigmaVol',
    title: 'One standard deviation by volatility, front expiry',
    meaning:
      'One standard deviation of the move at the fitted volatility at the forward, which covers 68.3 %.',
    formula: 'F·σ_ATM·√T',
    method: 'expected_move.atm_vol@1',
    source: 'market usage',
  },
}

const REASONS: Readonly<Record<NonNullable<ExpectedMove['reason']>, string>> = {
  no_straddle_quote: 'no_straddle_quote: the forward is not between two quoted straddles',
  strikes_too_coarse: 'strikes_too_coarse: strikes are further apart than the move itself',
  no_smile: 'no_smile: the expiry has no fitted smile',
}

const FRONT_METRICS = (Object.keys(WAYS) as Way[]).map((way): Metric<number> => ({
  ...WAYS[way],
  unit: 'currency, either way',
  usesSignModel: false,
  measure: (view) => {
    const [front] = view.volatility.expectedMoves
    const { asOfMs } = view.volatility
    if (front === undefined) return missing(view, whyNone(view), { asOfMs })
    const { move, moveShare, coverage, reason } = front[way]
    return measured(view, move, reason === null ? null : REASONS[reason], {
      asOfMs,
      inputs: () => [
        { name: 'expiry', value: new Date(front.expiryMs).toISOString(), unit: 'instant', asOfMs },
        { name: 'forward', value: front.forward, unit: 'currency', asOfMs },
        { name: 'move over forward', value: moveShare, unit: 'share', asOfMs },
        { name: 'coverage of a normal settlement', value: coverage, unit: 'probability', asOfMs },
      ],
    })
  },
}))

/** Columns of equal length, soonest first; moves in currency either way of the forward. */
interface MovesByExpiry extends Readonly<Record<Way, readonly (number | null)[]>> {
  readonly expiryMs: readonly number[]
  readonly days: readonly number[]
  readonly forward: readonly number[]
}

const BY_EXPIRY: Metric<MovesByExpiry> = {
  id: 'level.expectedMoves',
  title: 'Expected moves by expiry',
  unit: 'currency, either way',
  method: 'expected_move.three_ways@1',
  usesSignModel: false,
  meaning:
    'Per expiry, the straddle at the forward and one standard deviation two ways, by straddle and by volatility.',
  formula: 'straddle; √(π/2)·straddle; F·σ_ATM·√T',
  source: 'M. Brenner and M. Subrahmanyam (1988)',
  measure: (view) => {
    const moves = movesOf(view)
    if (moves.length === 0) return missing(view, whyNone(view))
    const column = (way: Way) => moves.map((expiry) => expiry[way].move)
    return measured(
      view,
      {
        expiryMs: moves.map(({ expiryMs }) => expiryMs),
        days: moves.map(({ days }) => days),
        forward: moves.map(({ forward }) => forward),
        straddle: column('straddle'),
        oneSigmaByStraddle: column('oneSigmaByStraddle'),
        oneSigmaByVol: column('oneSigmaByVol'),
      },
      null,
    )
  },
}

export const EXPECTED_MOVE_METRICS: readonly Metric[] = [...FRONT_METRICS, BY_EXPIRY]

/** Of every live expiry with a forward, straddles as quoted and volatilities as last fitted. */
function movesOf({ engine, volatility }: MarketView): ExpectedMoves[] {
  const atmVols = new Map(volatility.expiries.map(({ expiryMs, atmVol }) => [expiryMs, atmVol]))
  return smileInputs(engine.chain).map((smile) => expectedMoves(smile, atmVols.get(smile.expiryMs) ?? null))
}

function whyNone({ analytics }: MarketView): string {
  return analytics.coverage.live === 0 ? 'every contract has settled' : 'no expiry has a forward'
}
