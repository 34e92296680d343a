/** Every metric of the registry on a recorded chain, and the explanation of one. */
import type { ChainRow, ChainSnapshot } from '#bridge/feeds/chain/snapshot'
import { previousSession, sessionDateAt, sessionOn, type Session } from '#quant/calendar/sessions'
import { rootSpec } from '#quant/contracts/rootMaster'
import { settlementInstantMs } from '#quant/contracts/settlement'
import { measureMetrics, type MetricReading } from '#quant/metrics/evaluate'
import type { Rejection } from '#quant/metrics/evidence'
import { explainMetric, type Explanation } from '#quant/metrics/explain'
import { FAMILIES, type FamilyId } from '#quant/metrics/familyIds'
import type { MetricFlag } from '#quant/metrics/flags'
import { marketInputs, marketView, type MarketView } from '#quant/metrics/marketView'
import type { PricedSnapshot } from './snapshotEngine.ts'

/** A reading as printed: `id` can be given to `--explain`. */
export type PrintedMetric = Omit<MetricReading, 'asOfMs'> & { readonly id: string; readonly asOf: string }

/** By the name of the window or family, then by the metric's own. */
export type AllMetrics = Readonly<Record<string, Readonly<Record<string, PrintedMetric>>>>

export function snapshotView(
  snapshot: ChainSnapshot,
  { engine, rows, excluded }: PricedSnapshot,
): MarketView {
  const { calendar, currency } = rootSpec(rows[0]?.root ?? snapshot.underlying)
  const date = sessionDateAt(calendar, engine.asOfMs)
  const day = date === null ? null : sessionOn(calendar, date)
  const session = day?.status === 'open' ? day : null
  const byChainRow: ChainRow[] = []
  for (const [i, row] of rows.entries()) byChainRow[engine.chain.rowOf[i] as number] = row
  return marketView(
    marketInputs(engine, {
      currency,
      flags: flagsOf(snapshot, session, byChainRow[engine.sections.start] ?? null),
      session: session && { openMs: session.openMs, closeMs: session.underlyingCloseMs },
      contractName: (row) => byChainRow[row]?.symbol ?? '',
      withBands: true,
      openInterestDate: openInterestDate(snapshot, session),
      previousOpenInterest: previousOpenInterest(byChainRow),
      rejected: [...unreadable(snapshot), ...excludedContracts(excluded)],
    }),
  )
}

export function allMetrics(view: MarketView): AllMetrics {
  const readings = Object.entries(measureMetrics(view))
  return Object.fromEntries(
    readings.map(([family, metrics]) => [
      FAMILIES[family as FamilyId],
      Object.fromEntries(
        Object.entries(metrics).map(([name, reading]) => [name, printed(`${family}.${name}`, reading)]),
      ),
    ]),
  )
}

export type PrintedExplanation = Omit<Explanation, 'asOfMs'> & { readonly asOf: string }

/** Null when there is no such metric. */
export function explanation(view: MarketView, id: string): PrintedExplanation | null {
  const explained = explainMetric(view, id)
  if (explained === null) return null
  const { asOfMs, ...rest } = explained
  return { ...rest, asOf: new Date(asOfMs).toISOString() }
}

function printed(id: string, { asOfMs, ...reading }: MetricReading): PrintedMetric {
  return { id, ...reading, asOf: new Date(asOfMs).toISOString() }
}

/** `next` is a contract of those that settle next. */
function flagsOf(
  { openInterestOf }: ChainSnapshot,
  session: Session | null,
  next: ChainRow | null,
): MetricFlag[] {
  const flags: MetricFlag[] = ['RECORDED']
  if (openInterestOf === 'previous_session') flags.push('OI_PRIOR_DAY')
  if (session?.earlyClose === true) flags.push('HALF_DAY')
  if (next === null) return flags
  const settled = settlementInstantMs(next)
  if (rootSpec(next.root).settlement === 'AM') flags.push('AM_SETTLED')
  if (settled.ok && settled.averagingMinutes > 0) flags.push('AVG_SETTLE')
  return flags
}

function openInterestDate({ openInterestOf }: ChainSnapshot, session: Session | null): string | null {
  if (session === null) return null
  if (openInterestOf === 'this_session') return session.date
  return previousSession(session.calendar, session.date)?.date ?? null
}

/** By chain row; null when the vendor gives none. */
function previousOpenInterest(rows: readonly ChainRow[]): Float64Array | null {
  const counts = Float64Array.from(rows, (row) => row.previousOpenInterest ?? Number.NaN)
  return counts.every(Number.isNaN) ? null : counts
}

function unreadable({ rejected }: ChainSnapshot): Rejection[] {
  const counts: Record<string, number> = {}
  for (const { reason } of rejected) counts[reason] = (counts[reason] ?? 0) + 1
  return Object.entries(counts).map(([reason, count]) => ({ reason: `record unreadable: ${reason}`, count }))
}

function excludedContracts(excluded: PricedSnapshot['excluded']): Rejection[] {
  return Object.entries(excluded).map(([reason, count]) => ({
    reason: `contract excluded: ${reason}`,
    count,
  }))
}
