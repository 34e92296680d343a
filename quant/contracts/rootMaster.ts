import type { CalendarId } from '#quant/calendar/exchangeCalendars'

/** What an option root promises: on what, settled how and when, in what size. */
export interface RootSpec {
  readonly root: string
  readonly underlying: string
  readonly class: 'index' | 'volatility_index' | 'etf' | 'equity' | 'coin'
  /** AM: settled on the opening of the expiry date. PM: on its close. */
  readonly settlement: 'AM' | 'PM'
  readonly exercise: 'european' | 'american'
  readonly deliverable: 'cash' | 'shares'
  /** Units of the underlying per contract; null when it depends on the date or is unknown: `contractMultiplier`. */
  readonly multiplier: number | null
  /** What strikes and exposures are in. */
  readonly currency: 'USD' | 'INR'
  /** What premiums are quoted and paid in. An inverse option's are in units of the underlying itself. */
  readonly premium: 'currency' | 'underlying'
  readonly calendar: CalendarId
  /** Why the root stays out of exposure sums: an adjusted deliverable, or FLEX terms the symbol does not carry. */
  readonly exclusion: 'adjusted' | 'flex' | null
}

type Terms = Omit<RootSpec, 'root' | 'underlying' | 'exclusion'>

const INDEX_PM: Terms = {
  class: 'index',
  settlement: 'PM',
  exercise: 'european',
  deliverable: 'cash',
  multiplier: 100,
  currency: 'USD',
  premium: 'currency',
  calendar: 'XCBO',
}
const INDEX_AM: Terms = { ...INDEX_PM, settlement: 'AM' }
const VOLATILITY_AM: Terms = { ...INDEX_AM, class: 'volatility_index' }
const EQUITY: Terms = {
  ...INDEX_PM,
  class: 'equity',
  exercise: 'american',
  deliverable: 'shares',
  calendar: 'XNYS',
}
/** ETFs whose options trade to 16:15. Any other ETF is treated as an equity: same terms, closing at 16:00. */
const BROAD_ETF: Terms = { ...EQUITY, class: 'etf', calendar: 'XCBO' }
/** One coin a contract, settled in coins on the average of the dollar index over the half hour before 08:00 UTC. */
const INVERSE_COIN: Terms = {
  ...INDEX_PM,
  class: 'coin',
  multiplier: 1,
  premium: 'underlying',
  calendar: 'DERIBIT',
}
const NSE_INDEX: Terms = { ...INDEX_PM, multiplier: null, currency: 'INR', calendar: 'XNSE' }

/**
 * Roots whose terms differ from an ordinary U.S. equity option. AM and PM roots of one index share third Fridays, so
 * time to expiry belongs to the root, not to the date. Sources: Cboe, Nasdaq, NSE and Deribit product specifications.
 * The coins bear the name of Deribit's index: plain BTC and ETH are listed U.S. ETFs.
 */
const MASTER: readonly (readonly [root: string, underlying: string, terms: Terms])[] = [
  ['SPX', 'SPX', INDEX_AM],
  ['SPXW', 'SPX', INDEX_PM],
  ['XSP', 'XSP', INDEX_PM],
  ['NDX', 'NDX', INDEX_AM],
  ['NDXP', 'NDX', INDEX_PM],
  ['XND', 'XND', INDEX_PM],
  ['RUT', 'RUT', INDEX_AM],
  ['RUTW', 'RUT', INDEX_PM],
  ['MRUT', 'MRUT', INDEX_PM],
  ['DJX', 'DJX', INDEX_AM],
  ['OEX', 'OEX', { ...INDEX_PM, exercise: 'american' }],
  ['XEO', 'OEX', INDEX_PM],
  ['VIX', 'VIX', VOLATILITY_AM],
  ['VIXW', 'VIX', VOLATILITY_AM],
  ['SPY', 'SPY', BROAD_ETF],
  ['QQQ', 'QQQ', BROAD_ETF],
  ['IWM', 'IWM', BROAD_ETF],
  ['DIA', 'DIA', BROAD_ETF],
  ['BRKB', 'BRK.B', EQUITY],
  ['BFB', 'BF.B', EQUITY],
  ['NIFTY', 'NIFTY', NSE_INDEX],
  ['BANKNIFTY', 'BANKNIFTY', NSE_INDEX],
  ['FINNIFTY', 'FINNIFTY', NSE_INDEX],
  ['MIDCPNIFTY', 'MIDCPNIFTY', NSE_INDEX],
  ['BTC-USD', 'BTC-USD', INVERSE_COIN],
  ['ETH-USD', 'ETH-USD', INVERSE_COIN],
]

const SPECS: ReadonlyMap<string, RootSpec> = new Map(
  MASTER.map(([root, underlying, terms]) => [root, { ...terms, root, underlying, exclusion: null }]),
)

const ENDS_IN_DIGIT = /^[A-Z]+\d+$/
const BEGINS_WITH_DIGIT = /^\d+[A-Z]+$/

/**
 * Terms of a root. A root outside the master is an ordinary U.S. equity option. By OCC convention a trailing digit
 * marks a contract adjusted for a corporate action (deliverable no longer 100 shares) and a leading digit a FLEX
 * option; both come back with an `exclusion`.
 */
export function rootSpec(root: string): RootSpec {
  const known = SPECS.get(root)
  if (known !== undefined) return known
  if (ENDS_IN_DIGIT.test(root)) return excluded(root, root.replace(/\d+$/, ''), 'adjusted')
  if (BEGINS_WITH_DIGIT.test(root)) return excluded(root, root.replace(/^\d+/, ''), 'flex')
  return { ...EQUITY, root, underlying: root, exclusion: null }
}

function excluded(root: string, ordinaryRoot: string, exclusion: 'adjusted' | 'flex'): RootSpec {
  return { ...rootSpec(ordinaryRoot), root, multiplier: null, exclusion }
}
