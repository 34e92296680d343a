/** The metric that explains a figure of the frame. */
import type { GlossaryKey } from '../levels/glossary.ts'

export const METRIC_OF_FIELD: Readonly<Record<GlossaryKey, string>> = {
  netGex: 'gammaPulse.netGex',
  netGexFinite: 'gammaPulse.netGexFinite',
  totalCallGex: 'gammaPulse.totalCallGex',
  totalPutGex: 'gammaPulse.totalPutGex',
  aboveSpotGex: 'gammaPulse.aboveSpotGex',
  belowSpotGex: 'gammaPulse.belowSpotGex',
  nearestFlip: 'flipTrack.nearestFlip',
  callWall: 'level.callWall',
  putWall: 'level.putWall',
  absGammaStrike: 'level.absoluteGammaStrike',
  magnetStrike: 'pinMap.magnetStrike',
  maxPain: 'level.maxPainFront',
  pcrOi: 'chain.pcrOi',
  pcrVolume: 'chain.pcrVolume',
}
