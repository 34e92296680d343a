/**
 * What each number on the desk means: in words, as a formula, and under which sign convention. Definitions follow
 * docs/design/methodology.md.
 */
import type { GammaFrame } from '#schemas/frame/gamma'

export interface GlossaryEntry {
  readonly label: string
  readonly meaning: string
  readonly formula: string
}

/** Shown with every signed number. */
export const SIGN_CONVENTION =
  'Sign: model M1 assumes that dealers are long every call and short every put. This is an assumption; dealer positions are not observed.'

const PER_1_PCT = 'Γ · open interest · multiplier · S² · 0.01'

export const GLOSSARY = {
  netGex: {
    label: 'Net exposure',
    meaning:
      'How much of the underlying dealers would have to trade for a 1 % move. Positive: they trade against the move and dampen it. Negative: they trade with it and amplify it.',
    formula: `Σ calls ${PER_1_PCT} − Σ puts ${PER_1_PCT}`,
  },
  netGexFinite: {
    label: 'Net, 1 % repriced',
    meaning:
      'The same, but by repricing a whole 1 % move instead of the gamma at one point. It cannot exceed what can be hedged, and differs from the net exposure close to expiry.',
    formula: 'Σ sign · open interest · multiplier · S · [Δ(S·1.005) − Δ(S·0.995)]',
  },
  totalCallGex: {
    label: 'Call exposure',
    meaning: 'Gamma exposure of all calls.',
    formula: `Σ calls ${PER_1_PCT}`,
  },
  totalPutGex: {
    label: 'Put exposure',
    meaning: 'Gamma exposure of all puts; negative, because dealers are taken to be short them.',
    formula: `−Σ puts ${PER_1_PCT}`,
  },
  aboveSpotGex: {
    label: 'Above spot',
    meaning: 'Net exposure of the strikes above spot; a strike exactly at spot counts half on each side.',
    formula: 'Σ net exposure, strikes K > S',
  },
  belowSpotGex: {
    label: 'Below spot',
    meaning: 'Net exposure of the strikes below spot; a strike exactly at spot counts half on each side.',
    formula: 'Σ net exposure, strikes K < S',
  },
  nearestFlip: {
    label: 'Gamma flip',
    meaning:
      'The spot at which net exposure would change its sign, nearest to spot. Above and below it hedging is taken to work in opposite ways. Every crossing is found; none is made up when there is none.',
    formula: 'root of net exposure(S′), all options repriced at S′ with the volatility of their strike',
  },
  callWall: {
    label: 'Call wall',
    meaning: 'The strike at or above spot with the largest call exposure.',
    formula: 'argmax over K ≥ S of Σ call exposure(K)',
  },
  putWall: {
    label: 'Put wall',
    meaning: 'The strike at or below spot with the largest put exposure.',
    formula: 'argmax over K ≤ S of Σ |put exposure(K)|',
  },
  absGammaStrike: {
    label: 'Absolute gamma',
    meaning: 'The strike with the most gamma, calls and puts together, whatever its sign.',
    formula: 'argmax over K of call exposure(K) + |put exposure(K)|',
  },
  magnetStrike: {
    label: 'Magnet',
    meaning:
      'The strike around which the front expiry’s gamma is most concentrated near spot. Prices tend to be held near it while dealers are long gamma, most of all into expiry.',
    formula: 'argmax over K of smoothed |exposure(K)|, front expiry, near spot',
  },
  maxPain: {
    label: 'Max pain',
    meaning:
      'The settlement price of the front expiry at which its options would pay out least. Never pooled over expiries.',
    formula: 'argmin over P of Σ OI · max(0, P − K) calls + Σ OI · max(0, K − P) puts',
  },
  pcrOi: {
    label: 'Put/call, open interest',
    meaning: 'Open puts for each open call.',
    formula: 'Σ put open interest ÷ Σ call open interest',
  },
  pcrVolume: {
    label: 'Put/call, volume',
    meaning: 'Puts traded this session for each call traded.',
    formula: 'Σ put volume ÷ Σ call volume',
  },
} as const satisfies Partial<Record<keyof GammaFrame, GlossaryEntry>>

export type GlossaryKey = keyof typeof GLOSSARY

export const CHART_GLOSSARY = {
  byStrike: {
    label: 'Gamma exposure by strike',
    meaning:
      'Where gamma sits. Bars above zero are calls, below zero puts; “Net” adds them. Tall bars are strikes at which hedging is concentrated.',
    formula: `per strike: ${PER_1_PCT}`,
  },
  profile: {
    label: 'Exposure profile',
    meaning:
      'The net exposure the whole book would have if spot were elsewhere. It crosses zero at the gamma flips.',
    formula: 'net exposure(S′) for S′ around spot, sticky-strike volatility',
  },
  timeline: {
    label: 'Net exposure through time',
    meaning: 'How net exposure and spot moved over the session.',
    formula: 'net exposure at each instant',
  },
} as const satisfies Record<string, GlossaryEntry>
