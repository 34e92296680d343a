/** The lines above the table of a quotedata file: the underlying, the pull time, and where each column is. */
import { excerpt, type ChainProblem } from '../chain/snapshot.ts'
import { parsePullTime } from './pullTime.ts'

export interface CsvLine {
  readonly cells: readonly string[]
  /** 1-based line in the file. */
  readonly line: number
}

/** Column numbers of one side of the table. */
export interface SideColumns {
  readonly symbol: number
  readonly bid: number
  readonly ask: number
  readonly last: number
  readonly volume: number
  readonly iv: number
  readonly delta: number
  readonly gamma: number
  readonly openInterest: number
}

export interface QuotedataHeader {
  readonly spot: number
  readonly bid: number | null
  readonly ask: number | null
  readonly pulledAtMs: number
  readonly calls: SideColumns
  readonly puts: SideColumns
  /** Cells of a whole record. */
  readonly width: number
}

/** Names the site has used for a column; 2019 files abbreviate two of them. */
const COLUMN_NAMES = {
  last: ['last sale', 'last'],
  bid: ['bid'],
  ask: ['ask'],
  volume: ['volume', 'vol'],
  iv: ['iv'],
  delta: ['delta'],
  gamma: ['gamma'],
  openInterest: ['open interest', 'open int'],
} as const

export function isTableHeader(line: CsvLine): boolean {
  const names = line.cells.map(plain)
  return names.includes('calls') && names.includes('puts')
}

/**
 * Reads the lines above and including the table header. Lines that are neither the price line nor the date line
 * are passed over: recorded files begin with a blank line or a stray title.
 */
export function readHeader(above: readonly CsvLine[], table: CsvLine): QuotedataHeader | ChainProblem {
  const priced = above.find(({ cells }) => labelled(cells, 'last') !== null)
  if (priced === undefined) {
    return {
      expected: 'a line with "Last: <price of the underlying>"',
      found: 'none',
      where: `lines 1-${table.line}`,
    }
  }
  const dated = above.find(({ cells }) => labelled(cells, 'bid') !== null && cells !== priced.cells)
  const spot = Number(labelled(priced.cells, 'last'))
  if (!(spot > 0))
    return { expected: 'a positive price after "Last:"', found: quote(priced), where: at(priced) }
  if (dated === undefined) {
    return { expected: 'a line with the date and "Bid:"', found: 'none', where: `lines 1-${table.line}` }
  }
  const pulledAtMs = parsePullTime(dateText(dated.cells))
  if (pulledAtMs === null) {
    return { expected: 'a date and time of the pull', found: quote(dated), where: at(dated) }
  }
  const calls = sideColumns(table, 'calls')
  const puts = sideColumns(table, 'puts')
  if (typeof calls === 'string')
    return { expected: `a ${calls} column for calls`, found: 'none', where: at(table) }
  if (typeof puts === 'string')
    return { expected: `a ${puts} column for puts`, found: 'none', where: at(table) }
  const width = table.cells.length
  return { spot, bid: price(dated, 'bid'), ask: price(dated, 'ask'), pulledAtMs, calls, puts, width }
}

/** The columns of one side run from its symbol column to the next anchor; both sides repeat the same names. */
function sideColumns({ cells }: CsvLine, anchor: 'calls' | 'puts'): SideColumns | string {
  const names = cells.map(plain)
  const symbol = names.indexOf(anchor)
  const other = names.indexOf(anchor === 'calls' ? 'puts' : 'calls')
  const end = other > symbol ? other : names.length
  const columns: Record<string, number> = {}
  for (const [field, aliases] of Object.entries(COLUMN_NAMES)) {
    const offset = names
      .slice(symbol + 1, end)
      .findIndex((name) => (aliases as readonly string[]).includes(name))
    if (offset < 0) return JSON.stringify(aliases[0])
    columns[field] = symbol + 1 + offset
  }
  const { last = 0, bid = 0, ask = 0, volume = 0, iv = 0, delta = 0, gamma = 0, openInterest = 0 } = columns
  return { symbol, last, bid, ask, volume, iv, delta, gamma, openInterest }
}

/** Text after `Label:` in any cell of the line. */
function labelled(cells: readonly string[], label: string): string | null {
  const cell = cells.find((text) => plain(text).startsWith(`${label}:`))
  return cell === undefined ? null : cell.slice(cell.indexOf(':') + 1).trim()
}

/** Everything before the bid: an unquoted date with a comma in it is split over several cells. */
function dateText(cells: readonly string[]): string {
  const bid = cells.findIndex((text) => plain(text).startsWith('bid:'))
  return cells.slice(0, bid).join(' ')
}

function price(line: CsvLine, label: string): number | null {
  const value = Number(labelled(line.cells, label))
  return value > 0 && value < Infinity ? value : null
}

function plain(cell: string): string {
  return cell.trim().toLowerCase()
}

function quote({ cells }: CsvLine): string {
  return excerpt(cells.join(','))
}

function at({ line }: CsvLine): string {
  return `line ${line}`
}
