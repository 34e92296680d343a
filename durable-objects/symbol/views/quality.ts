/** What a reader must know before trusting a symbol's numbers. */
import type { QualityFlag } from '#schemas/feed'
import type { GammaFrame } from '#schemas/frame/gamma'
import { marketFlags } from '#quant/metrics/marketFlags'
import type { SymbolFigures } from '../analytics/symbolAnalytics.ts'
import type { ChainBook } from '../book/chainBook.ts'
import { freshnessAt, STALE_AFTER_MS } from './freshness.ts'

const FEED_FLAGS = { synthetic: 'SYNTHETIC', delayed: 'DELAYED', recorded: 'RECORDED', live: null } as const

export function qualityOf(book: ChainBook, figures: SymbolFigures, nowMs: number): GammaFrame['quality'] {
  const { layout, engine, analytics } = figures
  const feedFlag = FEED_FLAGS[book.feed]
  const flags: QualityFlag[] = feedFlag === null ? [] : [feedFlag]
  if (book.underlying.price === null) flags.push('NO_SPOT')
  else if (isSpotStale(book)) flags.push('STALE_SPOT')
  flags.push(...marketFlags(engine, analytics))
  if (hasMixedDates(book, layout.bookRows)) flags.push('OI_MIXED')
  flags.push(...layout.flags)
  return {
    freshness: freshnessOf(book, figures, nowMs),
    flags,
    contracts: layout.specs.length,
    priced: analytics?.coverage.priced ?? 0,
    openInterestCoverage: analytics?.coverage.openInterestPriced ?? null,
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

function hasMixedDates({ columns }: ChainBook, rows: Int32Array): boolean {
  const { openInterest, openInterestDate } = columns
  const dated = rows.filter((row) => !Number.isNaN(openInterest[row]))
  return dated.some((row) => openInterestDate[row] !== openInterestDate[dated[0] as number])
}
