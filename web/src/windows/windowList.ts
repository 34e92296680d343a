/** The twelve live windows, in the order they are shown. */
import type { FigureFormat } from './figureFormat.ts'
import { EIGEN_HEDGE_VIEWS } from './pictures/eigenHedge.ts'
import { FLIP_TRACK_VIEW } from './pictures/flipTrack.ts'
import { FLOW_RATE_VIEWS } from './pictures/flowRate.ts'
import { GAMMA_PULSE_VIEW } from './pictures/gammaPulse.ts'
import { GAMMATRIX_VIEWS } from './pictures/gammatrix.ts'
import { IV_SURFACE_VIEWS } from './pictures/ivSurface.ts'
import { PIN_MAP_VIEW } from './pictures/pinMap.ts'
import { REGIME_SHIFT_VIEW } from './pictures/regimeShift.ts'
import { SKEW_SENTINEL_VIEW } from './pictures/skewSentinel.ts'
import { THETA_FORGE_VIEW } from './pictures/thetaForge.ts'
import { VOL_CUBE_VIEW } from './pictures/volCube.ts'
import { VOL_ENTROPY_VIEWS } from './pictures/volEntropy.ts'
import type { FigureDefinition, WindowDefinition } from './windowDefinition.ts'

function figure(name: string, label: string, format: FigureFormat): FigureDefinition {
  return { name, label, format }
}

export const WINDOWS: readonly WindowDefinition[] = [
  {
    family: 'gammatrix',
    title: 'Gammatrix',
    meaning: 'The whole chain as a matrix of strike and expiry, one layer at a time.',
    width: 'full',
    isLarge: true,
    areTiles: true,
    figures: [
      figure('gammaFinite', 'Gamma, repriced', 'signedMoney'),
      figure('gammaLocal', 'Gamma, local', 'signedMoney'),
      figure('delta', 'Delta', 'signedMoney'),
      figure('vanna', 'Vanna', 'signedMoney'),
      figure('charm', 'Charm', 'signedMoney'),
      figure('openInterest', 'Open interest', 'count'),
      figure('volume', 'Volume', 'count'),
    ],
    views: GAMMATRIX_VIEWS,
  },
  {
    family: 'gammaPulse',
    title: 'GammaPulse',
    meaning: 'How much hedging a 1 % move would set off, and which way it works.',
    figures: [
      figure('netGex', 'Net', 'signedMoney'),
      figure('netGexFinite', 'Net, repriced', 'signedMoney'),
      figure('totalCallGex', 'Calls', 'money'),
      figure('totalPutGex', 'Puts', 'money'),
      figure('aboveSpotGex', 'Above spot', 'signedMoney'),
      figure('belowSpotGex', 'Below spot', 'signedMoney'),
      figure('grossGex', 'Gross', 'money'),
      figure('netGexPerMinute', 'Change', 'signedMoney'),
      figure('netGexToAdv', 'Of daily trade', 'signedPercent'),
    ],
    areTiles: true,
    views: [GAMMA_PULSE_VIEW],
  },
  {
    family: 'pinMap',
    title: 'PinMap',
    meaning: 'The strike that hedging would hold the price near, and how strongly.',
    figures: [
      figure('magnetStrike', 'Magnet', 'strike'),
      figure('distanceToMagnet', 'Distance', 'points'),
      figure('distanceToMagnetSigmas', 'In deviations', 'points'),
      figure('pull', 'Pull', 'share'),
      figure('pinScore', 'Pin score', 'score'),
      figure('pPin', 'Probability', 'share'),
    ],
    views: [PIN_MAP_VIEW],
  },
  {
    family: 'volCube',
    title: 'VolCube',
    meaning: 'The ten strikes at which hedging is most concentrated.',
    figures: [
      figure('hhi', 'Concentration', 'decimals'),
      figure('effectiveStrikes', 'Effective strikes', 'number'),
    ],
    views: [VOL_CUBE_VIEW],
  },
  {
    family: 'skewSentinel',
    title: 'SkewSentinel',
    meaning: 'How much dearer protection against falls is than against rises.',
    figures: [
      figure('skew25', '25Δ skew, 30 days', 'points'),
      figure('skew25At7Days', '25Δ skew, 7 days', 'points'),
      figure('skew25ZeroDte', '25Δ skew, today', 'points'),
      figure('butterfly25', '25Δ butterfly, 30 days', 'points'),
      figure('avgIvSkew', 'Whole chain', 'points'),
      figure('skew25Score', 'Against usual', 'points'),
    ],
    views: [SKEW_SENTINEL_VIEW],
  },
  {
    family: 'thetaForge',
    title: 'ThetaForge',
    meaning: 'What time alone takes from open options, and who gains it.',
    figures: [
      figure('thetaPerDay', 'Dealers, per day', 'signedMoney'),
      figure('thetaPerDayGross', 'All open options, per day', 'signedMoney'),
      figure('thetaZeroDteShare', 'Settles today', 'share'),
      figure('bleedToClose', 'To the close', 'signedMoney'),
    ],
    views: [THETA_FORGE_VIEW],
  },
  {
    family: 'flipTrack',
    title: 'FlipTrack',
    meaning: 'The prices at which hedging would begin to work the other way.',
    figures: [
      figure('nearestFlip', 'Nearest flip', 'price'),
      figure('distanceToFlipPct', 'Distance', 'signedPercent'),
      figure('distanceToFlipSigmas', 'In deviations', 'points'),
      figure('flipCount', 'Flips', 'count'),
      figure('flipStatus', 'Status', 'words'),
      figure('flipDrift', 'Drift', 'points'),
    ],
    views: [FLIP_TRACK_VIEW],
  },
  {
    family: 'flowRate',
    title: 'FlowRate',
    meaning: 'What customers are buying and selling by way of options, from the prints.',
    figures: [
      figure('direction', 'Direction', 'words'),
      figure('flowType', 'Kind', 'words'),
      figure('magnitude', 'Speed', 'number'),
      figure('impliedDealerHedge', 'Hedging implied', 'points'),
      figure('coverage', 'With a side', 'share'),
      figure('basis', 'Measured by', 'words'),
    ],
    views: FLOW_RATE_VIEWS,
  },
  {
    family: 'eigenHedge',
    title: 'EigenHedge',
    meaning: 'The surface’s moves as three shapes, and what the book holds of each.',
    figures: [
      figure('pc1Level', 'Level moved', 'points'),
      figure('pc2Slope', 'Slope moved', 'points'),
      figure('pc3Curvature', 'Curvature moved', 'points'),
      figure('explained', 'Explained', 'share'),
      figure('basis', 'Made of', 'words'),
      figure('outsideGridShare', 'Vega outside', 'share'),
    ],
    views: EIGEN_HEDGE_VIEWS,
  },
  {
    family: 'volEntropy',
    title: 'VolEntropy',
    meaning: 'How undecided option prices are about where the market will settle.',
    figures: [
      figure('shannon', 'Entropy, front', 'decimals'),
      figure('deltaBits', 'Less a lognormal’s, front', 'signedDecimals'),
      figure('shannonMonth', 'Entropy, 30 days', 'decimals'),
      figure('deltaBitsMonth', 'Less a lognormal’s, 30 days', 'signedDecimals'),
      figure('ivEntropy', 'Of volatility', 'decimals'),
      figure('gammaEntropy', 'Of gamma', 'decimals'),
    ],
    views: VOL_ENTROPY_VIEWS,
  },
  {
    family: 'regimeShift',
    title: 'RegimeShift',
    meaning: 'Whether hedging works against moves or with them, and how sure that is.',
    figures: [
      figure('regime', 'Regime', 'words'),
      figure('confidenceRatio', 'Confidence', 'decimals'),
      figure('ageMinutes', 'Standing for', 'minutes'),
      figure('parityRatio', 'Above against below', 'decimals'),
    ],
    views: [REGIME_SHIFT_VIEW],
  },
  {
    family: 'ivSurface',
    title: 'IV Surface',
    meaning: 'Implied volatility by maturity and place on the smile, where somebody quotes.',
    width: 'double',
    isLarge: true,
    areTiles: true,
    figures: [
      figure('shown', 'Quoted', 'share'),
      figure('rmseVolPts', 'Error of the smiles', 'decimals'),
      figure('butterflyArbitrage', 'Butterfly arbitrage', 'count'),
      figure('calendarArbitrage', 'Calendar arbitrage', 'count'),
    ],
    views: IV_SURFACE_VIEWS,
  },
]
