/** IV Surface: volatility at fixed maturities and fixed places along the smile. Nothing is drawn where nobody quotes. */
import * as v from 'valibot'
import { heatmapOption, type Heatmap } from '../../chart/heatmapOption.ts'
import { fixedPercent, percent } from '../../format/numbers.ts'
import type { Picture, Views } from '../windowDefinition.ts'
import { gappedNumbers, numbers, orDash, parsed } from './parsed.ts'

const GridSchema = v.object({ at: numbers, tenorDays: numbers, vol: v.array(gappedNumbers) })

export const IV_SURFACE_VIEWS: Views = [
  {
    text: 'By deviations',
    metric: 'byDeviations',
    draw: (value) => draw(value, 'Deviations', (at) => `${at > 0 ? '+' : ''}${at} σ`.replace('-', '−')),
  },
  { text: 'By moneyness', metric: 'byMoneyness', draw: (value) => draw(value, 'Strike ÷ forward', percent) },
]

function draw(value: unknown, columnTitle: string, name: (at: number) => string): Picture | null {
  const grid = parsed(GridSchema, value)
  if (grid === null) return null
  const heatmap: Heatmap = {
    rows: grid.tenorDays.map((days) => `${days} days`),
    columns: grid.at.map(name),
    values: grid.vol,
    isSigned: false,
    format: fixedPercent,
    columnTitle,
  }
  return {
    label: `Heatmap of implied volatility at ${heatmap.rows.length} maturities and ${heatmap.columns.length} places along the smile.`,
    table: {
      caption: 'Implied volatility by maturity; a dash where nobody quotes',
      columns: [columnTitle, ...heatmap.rows],
      rows: heatmap.columns.map((column, x) => [
        column,
        ...heatmap.values.map((row) => orDash(row[x], fixedPercent)),
      ]),
    },
    option: (box) => heatmapOption(heatmap, box),
  }
}
