import type { IsoDate } from '#quant/calendar/isoDate'
import { previousSession, sessionDateAt } from '#quant/calendar/sessions'
import { contractMultiplier } from '#quant/contracts/contractMultiplier'
import { rootSpec } from '#quant/contracts/rootMaster'
import type {
  ContractTick,
  OpenInterestTick,
  QuoteTick,
  SessionVolumeTick,
  Tick,
  UnderlyingTick,
} from '#schemas/tick'
import type { Clock } from '../../clock/clock.ts'
import type { Feed, FeedStep } from '../feed.ts'
import type { ChainRow, ChainSnapshot } from './snapshot.ts'

export interface ChainFeedOptions {
  /** Spreads the quotes over this long instead of sending them at once; 0: at once. */
  readonly replaySeconds: number
  readonly clock: Clock
}

const STEP_MS = 250

/**
 * One recorded chain as a feed: everything it says, once, at the time of the recording. Every figure is a state, so
 * sending the file again changes nothing, and the order and batching of the quotes do not matter.
 */
export function createChainFeed(recorded: ChainSnapshot, { replaySeconds, clock }: ChainFeedOptions): Feed {
  const snapshot = { ...recorded, rows: recorded.rows.filter(isSizeKnown) }
  return {
    symbol: snapshot.underlying,
    source: snapshot.source,
    feedKind: 'recorded',
    identity: `${snapshot.source} ${snapshot.underlying} ${snapshot.asOfMs}`,
    pausable: true,
    isEndless: false,
    async *steps(_after, signal): AsyncGenerator<FeedStep> {
      const quotes = quotesOf(snapshot)
      yield { ticks: statics(snapshot), cursor: null }
      const count = Math.max(1, Math.round((replaySeconds * 1000) / STEP_MS))
      const perStep = Math.ceil(quotes.length / count)
      for (let first = 0; first < quotes.length; first += perStep) {
        if (first > 0) await clock.sleep(STEP_MS, signal)
        if (signal.aborted) return
        yield { ticks: quotes.slice(first, first + perStep), cursor: null }
      }
    },
  }
}

/** Everything that does not move within a recording. Contract ids are the row numbers, from 1. */
function statics(snapshot: ChainSnapshot): Tick[] {
  const { rows, asOfMs } = snapshot
  const sessionDate = sessionDateOf(snapshot)
  const openInterestDate = openInterestDateOf(snapshot)
  return [
    ...rows.map((row, i) => definition(row, i + 1, sessionDate)),
    ...rows.flatMap((row, i): OpenInterestTick[] =>
      row.openInterest === null || openInterestDate === null
        ? []
        : [
            {
              kind: 'openInterest',
              contractId: i + 1,
              openInterest: row.openInterest,
              tradeDate: openInterestDate,
            },
          ],
    ),
    ...rows.flatMap((row, i): SessionVolumeTick[] =>
      row.volume === null
        ? []
        : [{ kind: 'sessionVolume', contractId: i + 1, volume: row.volume, eventMs: asOfMs }],
    ),
    underlying(snapshot),
  ]
}

function sessionDateOf({ underlying, asOfMs }: ChainSnapshot): IsoDate | null {
  return sessionDateAt(rootSpec(underlying).calendar, asOfMs)
}

function openInterestDateOf(snapshot: ChainSnapshot): IsoDate | null {
  const sessionDate = sessionDateOf(snapshot)
  if (sessionDate === null || snapshot.openInterestOf === 'this_session') return sessionDate
  return previousSession(rootSpec(snapshot.underlying).calendar, sessionDate)?.date ?? null
}

/** False where the exchange's lot is in no table: a guess would be wrong by a factor. An adjusted root stays. */
function isSizeKnown({ root, expiryDate }: ChainRow): boolean {
  const spec = rootSpec(root)
  return spec.exclusion !== null || contractMultiplier(spec, expiryDate, expiryDate).multiplier !== null
}

function definition(row: ChainRow, contractId: number, sessionDate: IsoDate | null): ContractTick {
  const { root, expiryDate, strike, right } = row
  const { multiplier } = contractMultiplier(rootSpec(root), expiryDate, sessionDate ?? expiryDate)
  // An adjusted root has no multiplier of its own; the receiver excludes it by its root, 100 only satisfies the wire.
  return { kind: 'contract', contractId, root, expiryDate, strike, right, multiplier: multiplier ?? 100 }
}

function quotesOf({ rows, asOfMs }: ChainSnapshot): QuoteTick[] {
  return rows.map((row, i) => ({
    kind: 'quote',
    contractId: i + 1,
    bid: row.bid,
    ask: row.ask,
    // The file gives no sizes.
    bidSize: 0,
    askSize: 0,
    eventMs: asOfMs,
    missing: row.quoteMissing,
  }))
}

function underlying({ spot, bid, ask, asOfMs }: ChainSnapshot): UnderlyingTick {
  return { kind: 'underlying', price: spot, bid, ask, eventMs: asOfMs }
}
