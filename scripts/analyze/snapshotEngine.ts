/** From a recorded chain to a priced engine: the contract master decides settlement, multiplier and exercise. */
import type { ChainRow, ChainSnapshot } from '#bridge/feeds/chain/snapshot'
import type { KnownDividend } from '#quant/american/knownDividends'
import { engineOf, type ContractInput } from '#quant/analytics'
import { reprice, repriceAtVols, type Engine } from '#quant/analytics/engine'
import { coverage } from '#quant/analytics/coverage'
import { termOptions } from '#quant/analytics/termOptions'
import { EXCHANGE_CALENDARS } from '#quant/calendar/exchangeCalendars'
import { zonedDate } from '#quant/calendar/timeZone'
import { admit, REFUSALS, type Refusal } from '#quant/chain/admission'
import { contractMultiplier } from '#quant/contracts/contractMultiplier'
import { rootSpec } from '#quant/contracts/rootMaster'
import { settlementInstantMs } from '#quant/contracts/settlement'

export type VolChoice = 'own' | 'vendor' | 'auto'

/** Below this share of open interest priced, `auto` turns to the vendor's volatilities: the quotes are not a market. */
const THIN_MARKET = 0.5

export interface PricedSnapshot {
  readonly engine: Engine
  /** Snapshot rows in the engine, and the chain row of each. */
  readonly rows: readonly ChainRow[]
  /** Rows left out of every sum, by why. */
  readonly excluded: Readonly<Record<string, number>>
  readonly volSource: 'own' | 'vendor'
}

/** `dividends`: those known; without any the chain's forwards imply a carry. */
export function priceSnapshot(
  snapshot: ChainSnapshot,
  asOfMs: number,
  choice: VolChoice,
  dividends: readonly KnownDividend[] = [],
): PricedSnapshot {
  const { inputs, rows, excluded } = contractInputs(snapshot, asOfMs)
  const spec = rootSpec(rows[0]?.root ?? snapshot.underlying)
  const engine = engineOf(inputs, { ...termOptions(spec), dividends })
  const { spot } = snapshot
  if (choice !== 'vendor') reprice(engine, spot, asOfMs)
  if (choice === 'own' || (choice === 'auto' && ownShare(engine) >= THIN_MARKET)) {
    return { engine, rows, excluded, volSource: 'own' }
  }
  repriceAtVols(engine, spot, asOfMs, vendorVols(engine, rows))
  return { engine, rows, excluded, volSource: 'vendor' }
}

function ownShare({ chain, quoteFaults, sections }: Engine): number {
  return coverage(chain, quoteFaults, sections.start).openInterestPriced ?? 1
}

function vendorVols({ chain }: Engine, rows: readonly ChainRow[]): Float64Array {
  const vols = new Float64Array(chain.count).fill(Number.NaN)
  for (const [i, { vendorIv }] of rows.entries()) vols[chain.rowOf[i] as number] = vendorIv ?? Number.NaN
  return vols
}

function contractInputs(
  snapshot: ChainSnapshot,
  asOfMs: number,
): { inputs: ContractInput[]; rows: ChainRow[]; excluded: Record<string, number> } {
  const inputs: ContractInput[] = []
  const rows: ChainRow[] = []
  const excluded: Record<string, number> = {}
  const listed = distinct(snapshot.rows)
  const repeated = snapshot.rows.length - listed.length
  if (repeated > 0) excluded['listed more than once'] = repeated
  for (const row of listed) {
    const settled = settlementInstantMs(row)
    const spec = rootSpec(row.root)
    const tradeDate = zonedDate(EXCHANGE_CALENDARS[spec.calendar].timeZone, asOfMs)
    const size = contractMultiplier(spec, row.expiryDate, tradeDate)
    if (settled.ok && size.multiplier !== null) {
      const { strike, right, bid, ask, openInterest, volume } = row
      const { expiryMs, averagingMinutes } = settled
      const terms = { expiryMs, strike, right, multiplier: size.multiplier, averagingMinutes }
      inputs.push({ ...terms, bid, ask, openInterest, volume })
      rows.push(row)
      continue
    }
    const reason = !settled.ok ? settled.reason : size.multiplier === null ? size.reason : 'unknown'
    excluded[reason] = (excluded[reason] ?? 0) + 1
  }
  return admitted(inputs, rows, excluded)
}

/** Each contract as it stands first: counted again, its open interest would double every sum. */
function distinct(rows: readonly ChainRow[]): ChainRow[] {
  const byTerms = new Map<string, ChainRow>()
  for (const row of rows) {
    const terms = `${row.root} ${row.expiryDate} ${row.strike} ${row.right}`
    if (!byTerms.has(terms)) byTerms.set(terms, row)
  }
  return [...byTerms.values()]
}

/** Without the contracts a chain would refuse, so that rows and the chain's contracts stay in step. */
function admitted(
  inputs: readonly ContractInput[],
  rows: readonly ChainRow[],
  excluded: Readonly<Record<string, number>>,
): { inputs: ContractInput[]; rows: ChainRow[]; excluded: Record<string, number> } {
  const { admitted: kept, refused } = admit(inputs)
  const reasons = Object.entries(refused).map(([refusal, count]) => [REFUSALS[refusal as Refusal], count])
  return {
    inputs: kept.map((i) => inputs[i] as ContractInput),
    rows: kept.map((i) => rows[i] as ChainRow),
    excluded: { ...excluded, ...Object.fromEntries(reasons) },
  }
}
