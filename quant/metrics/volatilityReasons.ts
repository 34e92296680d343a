/** Why a figure of `quant/volatility/` is null, in a reader's words. */
import type { AverageSkew } from '../volatility/averageSkew.ts'
import type { NoDensityReason } from '../volatility/density.ts'
import type { NoFitReason } from '../volatility/fitSmile.ts'
import type { IvRank } from '../volatility/ivRank.ts'
import type { NoRealisedVolReason } from '../volatility/realisedVol.ts'
import type { NoSkewReason } from '../volatility/skew.ts'
import type { NoCellReason } from '../volatility/surface.ts'
import type { ForwardVol } from '../volatility/termStructure.ts'
import type { TimeOfDayScore } from '../volatility/timeOfDay.ts'
import type { VarianceRiskPremium } from '../volatility/varianceRiskPremium.ts'

type Reason = NonNullable<
  | AverageSkew['reason']
  | NoDensityReason
  | NoFitReason
  | IvRank['reason']
  | NoRealisedVolReason
  | NoSkewReason
  | NoCellReason
  | ForwardVol['reason']
  | TimeOfDayScore['reason']
  | VarianceRiskPremium['reason']
>

const WORDS: Readonly<Record<Reason, string>> = {
  no_delta_pairs: 'no expiry quotes puts and calls of equal delta',
  butterfly_arbitrage: 'the smile has butterfly arbitrage, so its density is negative',
  tails_not_quoted: 'over a tenth of the density lies beyond the quoted strikes',
  too_few_strikes: 'too few strikes with a volatility',
  forward_outside_strikes: 'the forward is not between two priced strikes',
  not_positive: 'no smile of positive variance fits the quotes',
  insufficient_history: 'too few earlier sessions',
  flat_history: 'the figure was the same in every earlier session',
  no_current_vol: 'no 30-day volatility',
  too_few_bars: 'too few earlier sessions',
  invalid_bar: 'a session in the history has impossible prices',
  delta_outside_strikes: 'the 25-delta strikes are not quoted',
  no_smiles: 'no expiry has a fitted smile',
  before_first_expiry: 'the first expiry is later than this maturity',
  after_last_expiry: 'the last expiry is sooner than this maturity',
  strike_not_quoted: 'nobody quotes this strike',
  calendar_arbitrage: 'the expiry before holds more total variance',
  outside_session: 'the market is closed',
  no_reading: 'no 30-day skew',
  no_implied_vol: 'no 30-day volatility',
  no_realised_vol: 'no realised volatility',
}

export function inWords(reason: Reason): string
export function inWords(reason: Reason | null): string | null
export function inWords(reason: Reason | null): string | null {
  return reason === null ? null : WORDS[reason]
}
