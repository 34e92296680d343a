/**
 * The "quotedata" CSV of Cboe's delayed quotes page: a few lines about the underlying, then one line per strike
 * with the call on the left and the put on the right.
 */
import { CsvError, parse } from 'csv-parse/sync'
import { parseOccSymbol } from '#quant/contracts/occSymbol'
import { rootSpec } from '#quant/contracts/rootMaster'
import {
  isTableHeader,
  readHeader,
  type CsvLine,
  type QuotedataHeader,
  type SideColumns,
} from './quotedataHeader.ts'
import { toRow } from './row.ts'
import { excerpt, problem, type ChainResult, type ChainRow, type RejectedRow } from '../chain/snapshot.ts'

/** Enough of a table header to tell this kind of file before its quoting is judged. */
const TABLE_HEADER = /calls.*puts/i

export function parseQuotedata(text: string): ChainResult {
  if (!TABLE_HEADER.test(text)) return notATable(text)
  let lines: CsvLine[]
  try {
    lines = splitLines(text)
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    return problem(
      'comma-separated lines',
      `broken quoting (${error.code})`,
      `line ${String(error['lines'])}`,
    )
  }
  const tableAt = lines.findIndex(isTableHeader)
  const table = lines[tableAt]
  if (table === undefined) return notATable(text)
  const header = readHeader(lines.slice(0, tableAt), table)
  if ('expected' in header) return { ok: false, problem: header }
  return readTable(header, lines.slice(tableAt + 1), table)
}

function notATable(text: string): ChainResult {
  return problem('a Cboe quotedata table (a header line with "Calls" and "Puts")', excerpt(text), 'line 1')
}

function splitLines(text: string): CsvLine[] {
  // With `info` each element is the pair below; the package types only the plain form.
  const records: unknown = parse(text, {
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
  })
  return (records as { record: string[]; info: { lines: number } }[]).map(({ record, info }) => ({
    cells: record,
    line: info.lines,
  }))
}

function readTable(header: QuotedataHeader, records: readonly CsvLine[], table: CsvLine): ChainResult {
  const rows: ChainRow[] = []
  const rejected: RejectedRow[] = []
  for (const record of records) {
    if (record.cells.length < header.width) {
      if (record === records.at(-1)) return cutOff(header, record)
      rejected.push({ line: record.line, found: excerpt(record.cells.join(',')), reason: 'too few fields' })
      continue
    }
    readSide(record, header.calls, rows, rejected)
    readSide(record, header.puts, rows, rejected)
  }
  const first = rows[0]
  if (first === undefined) {
    return problem('at least one contract', `${records.length} lines without any`, `line ${table.line + 1}`)
  }
  const { spot, bid, ask, pulledAtMs } = header
  const underlying = rootSpec(first.root).underlying
  return {
    ok: true,
    snapshot: {
      source: 'cboe-file',
      underlying,
      spot,
      bid,
      ask,
      pulledAtMs,
      asOfMs: pulledAtMs,
      openInterestOf: 'previous_session',
      rows,
      rejected,
    },
  }
}

function cutOff(header: QuotedataHeader, record: CsvLine): ChainResult {
  const found = `${record.cells.length} fields, then the end of the file`
  return problem(`${header.width} fields on the last line`, found, `line ${record.line}`)
}

function readSide(
  { cells, line }: CsvLine,
  columns: SideColumns,
  rows: ChainRow[],
  rejected: RejectedRow[],
): void {
  const symbol = cells[columns.symbol]?.trim() ?? ''
  const parsed = parseOccSymbol(symbol)
  if (!parsed.ok) {
    rejected.push({ line, found: excerpt(symbol), reason: parsed.reason })
    return
  }
  const figure = (column: number): number => number(cells[column])
  rows.push(
    toRow(symbol, parsed.contract, {
      bid: figure(columns.bid),
      ask: figure(columns.ask),
      last: figure(columns.last),
      volume: figure(columns.volume),
      openInterest: figure(columns.openInterest),
      iv: figure(columns.iv),
      delta: figure(columns.delta),
      gamma: figure(columns.gamma),
    }),
  )
}

/** NaN for anything that is not a plain number: `Number('')` would be 0, and 0 means something here. */
function number(cell: string | undefined): number {
  return cell === undefined || cell.trim() === '' ? Number.NaN : Number(cell)
}
