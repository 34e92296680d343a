/** PinMap: the strike that the front expiry's hedging gathers at, how far it is, and how strongly it may pull. */
import { pinCandidates, PIN_METHOD, type PinScore } from '../../levels/pinScore.ts'
import { distanceMetrics } from '../distance.ts'
import type { Contributions } from '../evidence.ts'
import type { MarketView } from '../marketView.ts'
import { measured, missing } from '../measurement.ts'
import type { Metric } from '../metric.ts'

const SOURCE =
  'this project, after Avellaneda & Lipkin, "A market-induced mechanism for stock pinning" (2003): long-gamma hedging pulls, short-gamma hedging pushes'
const LISTED = 20

const MAGNET: Metric<number> = {
  id: 'pinMap.magnetStrike',
  title: 'Magnet',
  unit: 'currency',
  method: PIN_METHOD,
  usesSignModel: false,
  meaning: 'The strike where most hedging of the front expiry would gather, whichever side holds it.',
  formula:
    'argmax over strikes within 2 expected moves of Σ over neighbours of |gamma exposure of a 1 % move|·e^(−d²/2), d = distance / half a strike step',
  source: SOURCE,
  measure: (view) =>
    measured(view, view.pin.magnetStrike, view.pin.reason, { contributions: () => candidates(view) }),
}

/** Before a tie is broken: the largest smoothed mass is the magnet. */
function candidates({ engine }: MarketView): Contributions | null {
  const found = pinCandidates(engine)
  if (typeof found === 'string') return null
  const { strikes, mass, net } = found
  const ranked = [...strikes.keys()].toSorted((a, b) => (mass[b] as number) - (mass[a] as number))
  return {
    kind: 'ranking',
    unit: 'currency per +1 % of spot, unsigned, smoothed',
    total: null,
    items: ranked.slice(0, LISTED).map((i) => ({
      name: String(strikes[i]),
      amount: mass[i] as number,
      inputs: { underNaiveModel: (net[i] as number) + 0 },
    })),
    rest: null,
  }
}

const SPOT: Metric<number> = {
  id: 'pinMap.spotPrice',
  title: 'Spot',
  unit: 'currency',
  method: 'spot.underlying@1',
  usesSignModel: false,
  meaning: 'The price of the underlying that every figure is computed at.',
  formula: 'S',
  source: 'the feed',
  measure: (view) =>
    measured(view, view.engine.spot > 0 ? view.engine.spot : null, 'no price of the underlying', {
      coverage: 1,
      asOfMs: view.spotMs ?? view.engine.asOfMs,
    }),
}

const DISTANCES = distanceMetrics({
  id: 'pinMap.distanceToMagnet',
  of: 'the magnet',
  method: PIN_METHOD,
  source: SOURCE,
  usesSignModel: false,
  level: ({ pin }) => ({ price: pin.magnetStrike, reason: pin.reason }),
  sigma: ({ engine }) => {
    const found = pinCandidates(engine)
    return typeof found === 'string' ? { sigma: null, reason: found } : { sigma: found.sigma, reason: null }
  },
  sigmaFormula: 'σ = ATM volatility of the front expiry · √(time to its settlement, in years)',
})

const PULL: Metric<number> = {
  id: 'pinMap.pull',
  title: 'Pull',
  unit: 'share',
  method: PIN_METHOD,
  usesSignModel: false,
  meaning: 'How much of the gamma near spot in the front expiry sits at the magnet. 1: all of it.',
  formula: 'smoothed gamma at the magnet / Σ smoothed gamma within 2 expected moves',
  source: SOURCE,
  measure: (view) =>
    measured(view, view.pin.pull, view.pin.reason, { contributions: () => candidates(view) }),
}

const SCORE: Metric<number> = {
  id: 'pinMap.pinScore',
  title: 'Pin score',
  unit: '0 to 100',
  method: PIN_METHOD,
  usesSignModel: false,
  meaning:
    'How many of the conditions for pinning hold: gamma on one strike, spot near it, dealers long there under the naive model, little time left. A score, not a probability.',
  formula:
    '100·√pull·e^(−z²/2)·[dealers long under M1]·√max(0, 1 − t/T_day), z = (K* − S)/(S·σ), t the time to the front settlement, T_day one session: 0 until the last session begins',
  source: SOURCE,
  measure: (view) =>
    measured(view, view.pin.score, view.pin.reason, { contributions: () => scoreTerms(view.pin) }),
}

function scoreTerms({ pull, distanceSigmas, isDealerLong, sessionElapsed }: PinScore): Contributions {
  const terms = {
    pull,
    z: distanceSigmas,
    isDealerLong: isDealerLong === null ? null : Number(isDealerLong),
    sessionElapsed,
  }
  return {
    kind: 'terms',
    unit: 'share',
    total: null,
    items: Object.entries(terms).flatMap(([name, amount]) =>
      amount === null ? [] : [{ name, amount: amount + 0, inputs: {} }],
    ),
    rest: null,
  }
}

const PROBABILITY: Metric<number> = {
  id: 'pinMap.pPin',
  title: 'Probability of pinning',
  unit: 'probability',
  method: 'pin.calibrated_probability@1',
  usesSignModel: false,
  meaning:
    'What share of sessions with such a score ended at the magnet. None until enough outcomes are stored.',
  formula: 'isotonic regression of stored outcomes on the pin score',
  source: 'this project',
  measure: (view) => missing(view, 'uncalibrated: no outcomes are stored yet', { flags: ['UNCALIBRATED'] }),
}

export const PIN_MAP: readonly Metric[] = [MAGNET, SPOT, ...DISTANCES, PULL, SCORE, PROBABILITY]
