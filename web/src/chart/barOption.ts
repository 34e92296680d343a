/** Bars by category: side by side where there are several series, coloured by their tone or by the sign of each bar. */
import type { EChartsCoreOption } from 'echarts/core'
import {
  bottomAxis,
  hoveredIndex,
  TEXT_STYLE,
  tooltip,
  tooltipElement,
  valueAxis,
  zeroLine,
} from './axisStyle.ts'
import type { ChartBox } from './Chart.tsx'
import type { Palette } from './palette.ts'

export interface BarSeries {
  readonly name: string
  readonly tone: 'call' | 'put' | 'net' | 'sign'
  readonly values: readonly (number | null)[]
}

export interface Bars {
  readonly categories: readonly string[]
  readonly series: readonly BarSeries[]
  readonly axis: (value: number) => string
  readonly format: (value: number) => string
  /** For series that share no category. */
  readonly isStacked?: boolean
}

const MAX_BAR_PX = 26
const FEW = 6

export function barOption(bars: Bars, { palette }: ChartBox): EChartsCoreOption {
  const { axisLabel, ...axis } = valueAxis(palette, '')
  return {
    animation: false,
    textStyle: TEXT_STYLE,
    grid: { left: 60, right: 10, top: 12, bottom: 26 },
    xAxis: categoryAxis(bars.categories, palette),
    yAxis: { ...axis, axisLabel: { ...axisLabel, formatter: bars.axis } },
    tooltip: tooltip(palette, (hovered) => barTooltip(bars, hovered)),
    series: bars.series.map(({ name, tone, values }, i) => ({
      id: name,
      name,
      type: 'bar',
      barMaxWidth: MAX_BAR_PX,
      ...(bars.isStacked ? { stack: 'all' } : {}),
      data: values.map((value) => ({ value, itemStyle: { color: colourOf(value, tone, palette) } })),
      ...(i === 0
        ? { markLine: { silent: true, symbol: 'none', animation: false, data: [zeroLine(palette)] } }
        : {}),
    })),
  }
}

/** Names of categories are shown as they are, the first and last too, and all where they are few. */
function categoryAxis(names: readonly string[], palette: Palette) {
  const { axisLabel, ...axis } = bottomAxis(palette, String)
  const { fontSize, color, hideOverlap } = axisLabel
  const interval = names.length <= FEW ? 0 : 'auto'
  return { type: 'category', data: names, ...axis, axisLabel: { fontSize, color, hideOverlap, interval } }
}

function colourOf(value: number | null, tone: BarSeries['tone'], palette: Palette): string {
  if (tone !== 'sign') return palette[tone]
  return (value ?? 0) < 0 ? palette.put : palette.call
}

function barTooltip({ categories, series, format }: Bars, hovered: unknown): HTMLElement | string {
  const i = hoveredIndex(hovered)
  const category = i === null ? undefined : categories[i]
  if (i === null || category === undefined) return ''
  return tooltipElement(
    category,
    series.flatMap(({ name, values }) => {
      const value = values[i] ?? null
      return value === null ? [] : [{ name, value: format(value) }]
    }),
  )
}
