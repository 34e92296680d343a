/**
 * One `ticker.{instrument}` notification of Deribit's public WebSocket (JSON-RPC, `public/subscribe`). Prices are in coins,
 * volatilities in per cent, greeks in dollars on the forward; 0 stands for what there is not.
 */
import { parseDeribitInstrument, type DeribitContract } from '#quant/contracts/deribitInstrument'
import { count, finite, positive } from '../chain/figures.ts'
import { isFields, numeric } from '../chain/json.ts'

export interface DeribitTicker {
  readonly contract: DeribitContract
  readonly eventMs: number
  /** Forward of the contract's expiry, dollars per coin. */
  readonly forward: number
  /** Spot, dollars per coin. */
  readonly index: number | null
  readonly bidCoins: number | null
  readonly askCoins: number | null
  readonly markCoins: number | null
  /** Annualised fraction. */
  readonly markVol: number | null
  /** Contracts, which are coins. */
  readonly openInterest: number | null
  /** Contracts in the last 24 hours; null when none traded. */
  readonly volume: number | null
  /** As the vendor gives them: vega per volatility point, theta per day, in dollars. */
  readonly greeks: Readonly<Record<'delta' | 'gamma' | 'vega' | 'theta', number | null>>
}

/** The ticker of a message, or null when it is another message or not an inverse option's. */
export function readTicker(message: unknown): DeribitTicker | null {
  const params = isFields(message) && message['method'] === 'subscription' ? message['params'] : null
  if (!isFields(params) || !String(params['channel']).startsWith('ticker.') || !isFields(params['data']))
    return null
  const { data } = params
  const contract = parseDeribitInstrument(String(data['instrument_name']))
  const eventMs = count(numeric(data['timestamp']))
  const forward = positive(numeric(data['underlying_price']))
  if (contract === null || eventMs === null || forward === null) return null
  const of = (parent: unknown, field: string): number =>
    isFields(parent) ? numeric(parent[field]) : Number.NaN
  const greek = (name: string): number | null => finite(of(data['greeks'], name))
  return {
    contract,
    eventMs,
    forward,
    index: positive(numeric(data['index_price'])),
    bidCoins: positive(numeric(data['best_bid_price'])),
    askCoins: positive(numeric(data['best_ask_price'])),
    markCoins: positive(numeric(data['mark_price'])),
    markVol: positive(numeric(data['mark_iv']) / 100),
    openInterest: count(numeric(data['open_interest'])),
    volume: count(of(data['stats'], 'volume')),
    greeks: { delta: greek('delta'), gamma: greek('gamma'), vega: greek('vega'), theta: greek('theta') },
  }
}
