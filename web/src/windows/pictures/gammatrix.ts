/** Gammatrix: one layer of the chain, expiries down, strikes across, as many around spot as can be told apart. */
import * as v from 'valibot'
import { heatmapOption, HEATMAP_LEFT_PX, type Heatmap } from '../../chart/heatmapOption.ts'
import { axisMoney, count, fixedPercent, strikePrice } from '../../format/numbers.ts'
import { settlementNames } from '../../format/time.ts'
import type { Picture, PictureContext, ViewDefinition, Views } from '../windowDefinition.ts'
import { gappedNumbers, numbers, orDash, parsed } from './parsed.ts'

interface Layer {
  readonly text: string
  readonly metric: string
  /** Added up, cell by cell. */
  readonly columns: readonly string[]
  readonly isSigned: boolean
  readonly format: (value: number, currency: string) => string
}

function view(layer: Layer): ViewDefinition {
  return { text: layer.text, metric: layer.metric, draw: (value, context) => draw(value, layer, context) }
}

function exposure(text: string, metric: string): ViewDefinition {
  return view({ text, metric, columns: ['net'], isSigned: true, format: axisMoneyRounded })
}

function counts(text: string, metric: string, isSigned = false): ViewDefinition {
  return view({ text, metric, columns: ['call', 'put'], isSigned, format: count })
}

export const GAMMATRIX_VIEWS: Views = [
  exposure('Gamma, repriced', 'gammaFinite'),
  exposure('Gamma, local', 'gammaLocal'),
  exposure('Delta', 'delta'),
  exposure('Vanna', 'vanna'),
  exposure('Charm', 'charm'),
  view({
    text: 'Implied volatility',
    metric: 'ivMid',
    columns: ['vol'],
    isSigned: false,
    format: fixedPercent,
  }),
  counts('Open interest', 'openInterest'),
  counts('Volume', 'volume'),
  counts('Change of open interest', 'openInterestChange', true),
  view({ text: 'Quality', metric: 'quality', columns: ['quality'], isSigned: false, format: count }),
]

const LEAST_CELL_PX = 11
/** Further away lie the wings, where strikes are sparse and figures are none. */
const REACH = 0.08
const TABLE_STRIKES = 60

function draw(value: unknown, layer: Layer, { frame, zone, unit }: PictureContext): Picture | null {
  const cells = cellsOf(value, layer.columns)
  if (cells === null) return null
  const format = (amount: number) => layer.format(amount, frame.currency)
  const heatmap = (columns: number): Heatmap => {
    const { strikes, expiries, values } = matrixAround(cells, frame.spotPrice, columns)
    return {
      rows: settlementNames(expiries, zone),
      columns: strikes.map(strikePrice),
      values,
      isSigned: layer.isSigned,
      format,
      columnTitle: 'Strike',
    }
  }
  const tabled = heatmap(TABLE_STRIKES)
  return {
    label: `Heatmap of ${layer.text.toLowerCase()} of ${frame.symbol} by strike and expiry, ${tabled.rows.length} expiries.`,
    table: {
      caption: `${layer.text}, ${unit}, the ${tabled.columns.length} strikes nearest spot`,
      columns: ['Strike', ...tabled.rows],
      rows: tabled.columns.map((strike, x) => [
        strike,
        ...tabled.values.map((row) => orDash(row[x], format)),
      ]),
    },
    option: (box) =>
      heatmapOption(heatmap(Math.max(8, Math.floor((box.width - HEATMAP_LEFT_PX) / LEAST_CELL_PX))), box),
  }
}

interface Cells {
  readonly expiryMs: readonly number[]
  readonly strike: readonly number[]
  readonly amount: readonly (number | null)[]
}

const AxesSchema = v.looseObject({ expiryMs: numbers, strike: numbers })

function cellsOf(value: unknown, names: readonly string[]): Cells | null {
  const axes = parsed(AxesSchema, value)
  if (axes === null) return null
  const columns = names.flatMap((name) => {
    const column = parsed(gappedNumbers, axes[name])
    return column?.length === axes.strike.length ? [column] : []
  })
  if (columns.length < names.length) return null
  const amount = axes.strike.map((_, i) => {
    const known = columns.map((column) => column[i] ?? null).filter((part) => part !== null)
    return known.length === 0 ? null : known.reduce((sum, part) => sum + part, 0)
  })
  return { expiryMs: axes.expiryMs, strike: axes.strike, amount }
}

/** The `most` strikes nearest to spot and within reach, ascending; null where a cell is not listed or has no figure. */
export function matrixAround({ expiryMs, strike, amount }: Cells, spot: number | null, most: number) {
  const listed = [...new Set(strike)]
  const centre = spot ?? listed[listed.length >> 1] ?? 0
  const strikes = listed
    .filter((k) => Math.abs(k - centre) <= centre * REACH)
    .sort((a, b) => Math.abs(a - centre) - Math.abs(b - centre))
    .slice(0, most)
    .sort((a, b) => a - b)
  const expiries = [...new Set(expiryMs)].sort((a, b) => a - b)
  const columnOf = new Map(strikes.map((k, x) => [k, x]))
  const rowOf = new Map(expiries.map((ms, y) => [ms, y]))
  const values: (number | null)[][] = expiries.map(() => strikes.map(() => null))
  amount.forEach((cell, i) => {
    const x = columnOf.get(strike[i] as number)
    const row = values[rowOf.get(expiryMs[i] as number) ?? -1]
    if (x !== undefined && row !== undefined) row[x] = cell
  })
  return { strikes, expiries, values }
}

function axisMoneyRounded(value: number, currency: string): string {
  return axisMoney(Number(value.toPrecision(3)), currency)
}
