/** A table in the form the reader asks for: rows or columns in JSON, or a file of rows in CSV or NDJSON. */
import type { Context } from 'hono'
import { accepts } from 'hono/accepts'
import type { Meta } from '#schemas/rest/envelope'
import type { AppEnv } from '../appEnv.ts'

export const TABLE_TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const
export type TableFormat = 'json' | keyof typeof TABLE_TYPES

type Cell = string | number | null
export type Row = Readonly<Record<string, Cell>>

export interface Table {
  readonly names: readonly string[]
  readonly rows: readonly Row[]
  /** Of numbers about a symbol: a file leaves the envelope behind, so what must not be lost goes with each row. */
  readonly meta?: Meta
}

/** By `Accept`; JSON for whoever accepts nothing of ours. */
export function tableFormat(c: Context<AppEnv>): TableFormat {
  const json = 'application/json'
  const supports = [json, ...Object.values(TABLE_TYPES)]
  const type = accepts(c, { header: 'Accept', supports, default: json })
  if (type === TABLE_TYPES.csv) return 'csv'
  return type === TABLE_TYPES.ndjson ? 'ndjson' : 'json'
}

export function tableFile(
  c: Context<AppEnv>,
  format: keyof typeof TABLE_TYPES,
  { names, rows, meta }: Table,
): Response {
  const origin = meta === undefined ? {} : originOf(meta)
  const all = rows.map((row) => ({ ...origin, ...row }))
  const text = format === 'csv' ? csv([...Object.keys(origin), ...names], all) : ndjson(all)
  return c.body(text, 200, { 'Content-Type': `${TABLE_TYPES[format]}; charset=utf-8` })
}

function originOf({ symbol, asOf, feed, quality }: Meta): Row {
  return { symbol, asOf, feed, freshness: quality.freshness }
}

function ndjson(rows: readonly Row[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
}

/** RFC 4180: CRLF, quotes only where needed. Null is an empty cell. */
function csv(names: readonly string[], rows: readonly Row[]): string {
  const lines = [names, ...rows.map((row) => names.map((name) => row[name] ?? null))]
  return lines.map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('')
}

function csvCell(cell: Cell): string {
  if (cell === null) return ''
  const text = String(cell)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
