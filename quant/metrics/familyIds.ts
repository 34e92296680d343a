/** Metrics belong to one of the twelve live windows, or to a family of their own. In the order they are shown. */
export const FAMILIES = {
  gammatrix: 'Gammatrix',
  gammaPulse: 'GammaPulse',
  pinMap: 'PinMap',
  volCube: 'VolCube',
  skewSentinel: 'SkewSentinel',
  thetaForge: 'ThetaForge',
  flipTrack: 'FlipTrack',
  flowRate: 'FlowRate',
  eigenHedge: 'EigenHedge',
  volEntropy: 'VolEntropy',
  regimeShift: 'RegimeShift',
  ivSurface: 'IV Surface',
  exposure: 'Exposures',
  signModel: 'Dealer-sign models',
  level: 'Levels',
  volatility: 'Volatility',
  convention: 'Conventions',
  chain: 'Chain',
} as const
export type FamilyId = keyof typeof FAMILIES
export const FAMILY_IDS = Object.keys(FAMILIES) as FamilyId[]

/** The live windows, each with metrics of its own. */
export const WINDOW_IDS = FAMILY_IDS.slice(0, 12)
