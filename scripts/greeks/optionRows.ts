import { CsvError, parse } from 'csv-parse/sync'
import type { BlackScholesInput } from '#quant/pricing/blackScholes'

export interface OptionRow {
  /** Line in the file, from 1. */
  readonly line: number
  readonly input: BlackScholesInput
  /** The file's own price, NaN when the cell is blank or the column absent. */
  readonly price: number
  /** Every cell as written, by column name. */
  readonly cells: Readonly<Record<string, string>>
}

export interface OptionFile {
  readonly columns: readonly string[]
  readonly rows: readonly OptionRow[]
}

export type OptionFileAnswer =
  | { readonly ok: true; readonly file: OptionFile }
  /** One line: what was expected, what was found, and where. */
  | { readonly ok: false; readonly problem: string }

const REQUIRED = ['spot', 'strike', 'days', 'rate', 'yield', 'vol', 'type'] as const
const POSITIVE: ReadonlySet<string> = new Set(['spot', 'strike', 'days', 'vol'])

class RowProblem extends Error {}

/** Reads rows of spot, strike, days, rate, yield, vol, type (C or P) and optionally price, columns in any order. */
export function parseOptionRows(text: string): OptionFileAnswer {
  try {
    const records: { record: Record<string, string>; info: { lines: number } }[] = parse(text, {
      columns: true,
      info: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
    })
    const columns = headerOf(text)
    const missing = REQUIRED.filter((name) => !columns.includes(name))
    if (missing.length > 0)
      throw new RowProblem(
        `expected columns ${REQUIRED.join(', ')}, found no ${missing.join(', ')} in line 1: ${shorten(columns.join(','))}`,
      )
    if (records.length === 0)
      throw new RowProblem('expected at least one row under the header, found none after line 1')
    return { ok: true, file: { columns, rows: records.map(({ record, info }) => rowOf(record, info.lines)) } }
  } catch (error) {
    if (error instanceof RowProblem) return { ok: false, problem: error.message }
    if (error instanceof CsvError)
      return { ok: false, problem: `expected CSV with a header, found ${shorten(error.message)}` }
    throw error
  }
}

function headerOf(text: string): string[] {
  const [header]: string[][] = parse(text, { to: 1, bom: true, trim: true, skip_empty_lines: true })
  if (header === undefined)
    throw new RowProblem(`expected a header with ${REQUIRED.join(', ')}, found an empty file`)
  return header
}

function rowOf(cells: Record<string, string>, line: number): OptionRow {
  const number = (column: (typeof REQUIRED)[number]): number => {
    const cell = cells[column] ?? ''
    const value = cell === '' ? NaN : Number(cell)
    const expected = POSITIVE.has(column) ? 'a number above 0' : 'a number'
    if (Number.isFinite(value) && (value > 0 || !POSITIVE.has(column))) return value
    throw new RowProblem(`expected ${expected} in column ${column}, found "${shorten(cell)}" in line ${line}`)
  }
  const type = cells.type ?? ''
  if (type !== 'C' && type !== 'P')
    throw new RowProblem(`expected C or P in column type, found "${shorten(type)}" in line ${line}`)
  return {
    line,
    input: {
      spot: number('spot'),
      strike: number('strike'),
      years: number('days') / 365,
      rate: number('rate'),
      dividendYield: number('yield'),
      vol: number('vol'),
      right: type === 'C' ? 'call' : 'put',
    },
    price: cells.price === undefined || cells.price === '' ? NaN : Number(cells.price),
    cells,
  }
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 80 ? `${line.slice(0, 80)}…` : line
}
