/** A matrix as coloured cells: rows from top to bottom, columns from left to right. */
import type { EChartsCoreOption } from 'echarts/core'
import { hoveredIndex, TEXT_STYLE, tooltip, tooltipElement } from './axisStyle.ts'
import type { ChartBox } from './Chart.tsx'
import { withAlpha, type Palette } from './palette.ts'

export interface Heatmap {
  readonly rows: readonly string[]
  readonly columns: readonly string[]
  /** By row, then by column. Null: no cell is drawn. */
  readonly values: readonly (readonly (number | null)[])[]
  /** Coloured from zero to both sides. */
  readonly isSigned: boolean
  readonly format: (value: number) => string
  /** Before a column's name in the tooltip. */
  readonly columnTitle: string
}

export const HEATMAP_LEFT_PX = 104
/** Cells beyond this quantile share the strongest colour, or a single one would leave the others pale. */
const SATURATED = 0.98

export function heatmapOption(heatmap: Heatmap, { palette }: ChartBox): EChartsCoreOption {
  const cells = heatmap.values.flatMap((row, y) =>
    row.flatMap((value, x) => (value === null ? [] : [[x, y, value] as const])),
  )
  const [min, max] = colourRange(
    cells.map(([, , value]) => value),
    heatmap.isSigned,
  )
  const category = (names: readonly string[]) => ({
    type: 'category',
    data: names,
    axisLabel: { fontSize: 11, color: palette.muted, hideOverlap: true },
    axisLine: { show: false },
    axisTick: { show: false },
    splitArea: { show: false },
  })
  return {
    animation: false,
    textStyle: TEXT_STYLE,
    grid: { left: HEATMAP_LEFT_PX, right: 8, top: 34, bottom: 24 },
    xAxis: category(heatmap.columns),
    yAxis: { ...category(heatmap.rows), inverse: true },
    visualMap: {
      type: 'continuous',
      min,
      max,
      inRange: { color: colours(palette, heatmap.isSigned) },
      text: [heatmap.format(max), heatmap.format(min)],
      textStyle: { color: palette.muted, fontSize: 11 },
      orient: 'horizontal',
      right: 4,
      top: 2,
      itemWidth: 10,
      itemHeight: 110,
      calculable: false,
      hoverLink: false,
    },
    tooltip: {
      ...tooltip(palette, (hovered) => cellTooltip(heatmap, cells[hoveredIndex(hovered) ?? -1])),
      trigger: 'item',
    },
    series: [
      {
        id: 'cells',
        type: 'heatmap',
        data: cells,
        itemStyle: { borderWidth: 1, borderColor: palette.panel },
        emphasis: { itemStyle: { borderColor: palette.text, borderWidth: 1 } },
      },
    ],
  }
}

export function colourRange(values: readonly number[], isSigned: boolean): readonly [number, number] {
  if (values.length === 0) return isSigned ? [-1, 1] : [0, 1]
  if (!isSigned) return [Math.min(...values), quantile(values, SATURATED)]
  const limit = quantile(values.map(Math.abs), SATURATED)
  return limit > 0 ? [-limit, limit] : [-1, 1]
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.round((sorted.length - 1) * share)] ?? 0
}

function colours(palette: Palette, isSigned: boolean): string[] {
  const steps = [withAlpha(palette.call, 0.06), withAlpha(palette.call, 0.5), palette.call]
  if (!isSigned) return steps
  return [palette.put, withAlpha(palette.put, 0.5), withAlpha(palette.muted, 0.1), ...steps.slice(1)]
}

function cellTooltip(
  { rows, columns, columnTitle, format }: Heatmap,
  cell: readonly [number, number, number] | undefined,
): HTMLElement | string {
  if (cell === undefined) return ''
  const [x, y, value] = cell
  return tooltipElement(`${columnTitle} ${columns[x] ?? ''}`, [
    { name: rows[y] ?? '', value: format(value), tone: value < 0 ? 'put' : 'call' },
  ])
}
