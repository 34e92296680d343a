/** What a reader must know before trusting a symbol's numbers. */
import type { QualityFlag } from '#schemas/feed'
import type { GammaFrame } from '#schemas/frame/gamma'
import { VOL_STATUS } from '#quant/chain/volStatus'
import type { SymbolFigures } from '../analytics/symbolAnalytics.ts'
import type { ChainBook } from '../book/chainBook.ts'
import { freshnessAt, STALE_AFTER_MS } from './freshness.ts'

/** Below this share of open interest priced, totals are an extrapolation. */
const LOW_COVERAGE = 0.8
/** A few listings without open interest are normal on the day they begin. */
const OPEN_INTEREST_MISSING = 0.05

const FEED_FLAGS = { synthetic: 'SYNTHETIC', delayed: 'DELAYED', recorded: 'RECORDED', live: null } as const

export function qualityOf(book: ChainBook, figures: SymbolFigures, nowMs: number): GammaFrame['quality'] {
  const { layout, analytics } = figures
  const contracts = layout.specs.length
  const feedFlag = FEED_FLAGS[book.feed]
  const flags: QualityFlag[] = feedFlag === null ? [] : [feedFlag]
  if (book.underlying.price === null) flags.push('NO_SPOT')
  else if (isSpotStale(book)) flags.push('STALE_SPOT')
  if (contracts === 0) flags.push('NO_CONTRACTS')
  const coverage = analytics?.coverage.openInterestPriced ?? null
  if (coverage !== null && coverage < LOW_COVERAGE) flags.push('LOW_COV')
  if (figures.engine.quoteFaults.includes(VOL_STATUS.crossed)) flags.push('CROSSED')
  if (analytics?.byExpiry.some(({ forwardSource }) => forwardSource !== 'parity'))
    flags.push('FORWARD_FALLBACK')
  flags.push(...openInterestFlags(book, figures), ...layout.flags)
  return {
    freshness: freshnessOf(book, figures, nowMs),
    flags,
    contracts,
    priced: analytics?.coverage.priced ?? 0,
    openInterestCoverage: coverage,
  }
}

export function freshnessOf(book: ChainBook, { layout }: SymbolFigures, nowMs: number) {
  const { feed, asOfMs, lastSeenMs } = book
  const calendar = layout.terms?.calendar ?? 'XNYS'
  return freshnessAt({ feed, asOfMs: asOfMs ?? 0, lastSeenMs, calendar }, nowMs)
}

function isSpotStale({ underlying, asOfMs }: ChainBook): boolean {
  return asOfMs !== null && asOfMs - underlying.eventMs >= STALE_AFTER_MS
}

function openInterestFlags({ columns }: ChainBook, { layout }: SymbolFigures): QualityFlag[] {
  const { openInterest, openInterestDate } = columns
  let absent = 0
  const dates = new Set<number>()
  for (const row of layout.bookRows) {
    if (Number.isNaN(openInterest[row])) absent += 1
    else dates.add(openInterestDate[row] as number)
  }
  const flags: QualityFlag[] = []
  if (absent > OPEN_INTEREST_MISSING * layout.bookRows.length) flags.push('OI_MISSING')
  if (dates.size > 1) flags.push('OI_MIXED')
  return flags
}
