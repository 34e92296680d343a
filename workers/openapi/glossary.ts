/**
 * What the fields of answers mean, by name: a name listed here means the same wherever it stands. Exposures are in the
 * currency of `meta`, per 1 % move of the underlying, signed by the model of `meta`.
 */
import type { JsonSchema } from '@valibot/to-json-schema'

export const GLOSSARY: Readonly<Record<string, string>> = {
  // Where and when.
  symbol: 'The underlying, e.g. `SPX`.',
  asOf: 'Market time of the newest input, ISO 8601 UTC.',
  asOfMs: 'Market time of the newest input, UTC ms.',
  publishedMs: 'Our clock when the frame was published, UTC ms.',
  lastSeen: 'When data last came, ISO 8601 UTC.',
  epoch: 'Grows when the source of the stream starts anew.',
  sequence: 'Place in the epoch, from 1, without gaps.',
  feed: 'Where the numbers come from: `synthetic`, `live`, `delayed` or `recorded`.',
  freshness: '`stale`: the session is open but the feed has gone quiet.',
  currency: 'ISO 4217 code of every amount.',
  openInterestCoverage: 'Share of open interest that is priced, 0 to 1.',
  reasons: 'Field name → why it is null or empty.',
  stateHash: 'Hash of the whole chain behind the page, hex.',
  depth: 'What the tier of the caller leaves out of the chain; null when everything is there.',
  ofExpiries: 'Settlement dates of the whole chain.',
  strikesEachSide: 'At most so many strikes of a settlement date on either side of spot.',
  delay: 'Set when the caller gets an older state of a live market; null for the newest.',
  atLeastMs: 'How old raw data of a live market have to be for the tier of the caller.',
  nextCursor: 'Pass as `cursor` for the next page; null on the last.',
  // The contract.
  contract: 'OSI symbol without padding, e.g. `SPXW250904C06485000`.',
  strike: 'Strike, points of the underlying.',
  bid: 'Points; null without a bid.',
  ask: 'Points; null without an offer.',
  last: 'Newest print, points; null without one.',
  quoteAsOf: 'Market time of the quote, ISO 8601 UTC.',
  openInterest: 'Contracts, of the day before; in totals, weighted by it.',
  vol: 'Implied volatility, annualised fraction: 0.2 is 20 %.',
  volReason: 'Why `vol` is null.',
  // Gamma.
  spotPrice: 'Price of the underlying, points.',
  totalCallGex: 'Gamma exposure of all calls.',
  totalPutGex: 'Gamma exposure of all puts.',
  callGex: 'Gamma exposure of calls.',
  putGex: 'Gamma exposure of puts.',
  netGex: 'Gamma exposure of calls and puts together.',
  netGexFinite: 'Net exposure by repricing a 1 % move, which differs from `netGex` near expiry.',
  aboveSpotGex: 'Net gamma exposure of strikes above spot; a strike at spot counts half.',
  belowSpotGex: 'Net gamma exposure of strikes below spot; a strike at spot counts half.',
  shareOfGamma: 'Of the unsigned gamma of the whole chain, 0 to 1.',
  signAgreement: '1 when every applicable dealer-sign model gives one sign.',
  vanna: 'Change of delta with volatility.',
  charm: 'Change of delta with time.',
  // Levels.
  flips: 'Prices at which net gamma changes its sign, nearest to spot first.',
  nearestFlip: 'The flip nearest to spot, points.',
  flipStatus: 'Why there is a flip, or none.',
  flipsWithin90Days: 'Flips of the expiries within 90 days.',
  flipsFrontExpiry: 'Flips of the front expiry.',
  callWall: 'Strike at or above spot with the most call gamma.',
  putWall: 'Strike at or below spot with the most put gamma.',
  absGammaStrike: 'Strike with the most gamma, calls and puts.',
  magnetStrike: 'Strike the price is drawn to, of the front expiry.',
  distanceToMagnet: 'Magnet less spot, points.',
  maxPain:
    'Strike at which open interest is worth least at settlement; by settlement where there are several.',
  pcrOi: 'Put-call ratio of open interest.',
  pcrVolume: 'Put-call ratio of the volume of the session.',
  // Expiries and volatility.
  daysToExpiry: 'Calendar days to settlement, with fraction.',
  forward: 'Forward price at settlement, points.',
  discount: 'Discount factor to settlement.',
  forwardSource: 'How the forward was found, e.g. `parity` or a fallback.',
  atmVol: 'Volatility at the forward, annualised fraction.',
  skew25VolPts: 'Put less call volatility at 25 delta, vol points of 0.01.',
  riskReversal25VolPts: 'Call less put volatility at 25 delta, vol points.',
  butterfly25VolPts: 'Mean of the 25-delta volatilities less that at the forward, vol points.',
  averageSkewVolPts:
    'Put less call volatility at equal delta over all expiries, weighted by vega, vol points.',
  slope7To30VolPts: 'Volatility of 30 days less that of 7, vol points; positive is contango.',
  slope30To90VolPts: 'Volatility of 90 days less that of 30, vol points; positive is contango.',
  forwardVol: 'Volatility between the settlement before and this one, annualised fraction.',
  rmseVolPts: 'Root mean square of fitted less quoted volatility, vol points.',
  insideSpread: 'Share of fitted strikes whose volatility lies between bid and ask.',
  straddle: 'Straddle at the forward: the mean absolute move.',
  oneSigmaByStraddle: 'One standard deviation, from the straddle.',
  oneSigmaByVol: 'One standard deviation, from the fitted volatility.',
  moveShare: 'Move over forward.',
  coverage: 'Probability that a normal settlement stays within the move.',
  // Errors.
  code: 'Stable and for machines; new ones may be added.',
  requestId: 'The `X-Request-Id` of the answer: name it when you ask us.',
  requiredTier: 'The lowest tier that may.',
  availableFrom: 'When there will be something old enough for the tier, ISO 8601 UTC.',
  upgradeUrl: 'Where tiers are explained.',
}

export function withGlossary(schemas: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> {
  return described(schemas) as Record<string, JsonSchema>
}

function described(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(described)
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key,
      key === 'properties' ? withMeanings(value as Record<string, object>) : described(value),
    ]),
  )
}

function withMeanings(properties: Readonly<Record<string, object>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => {
      const description = GLOSSARY[name]
      const field = described(schema) as object
      return [name, description === undefined ? field : { ...field, description }]
    }),
  )
}
