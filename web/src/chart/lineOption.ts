/** Lines over one numeric axis. */
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
import { withAlpha } from './palette.ts'

export interface LineSeries {
  readonly name: string
  readonly tone: 'call' | 'put' | 'net'
  /** Null breaks the line. */
  readonly values: readonly (number | null)[]
  readonly look?: 'area' | 'dashed'
}

export interface Lines {
  readonly x: readonly number[]
  /** Of the point, in tooltips. */
  readonly titles: readonly string[]
  /** Labels below: a format of the axis' own ticks, or ticks with names. */
  readonly ticks: ((x: number) => string) | readonly { readonly at: number; readonly name: string }[]
  readonly series: readonly LineSeries[]
  readonly format: (value: number) => string
  /** Whether zero belongs into the picture. */
  readonly hasZero: boolean
}

export function lineOption(lines: Lines, { palette }: ChartBox): EChartsCoreOption {
  const { axisLabel, ...axis } = valueAxis(palette, '')
  return {
    animation: false,
    textStyle: TEXT_STYLE,
    grid: { left: 60, right: 14, top: 12, bottom: 26 },
    xAxis: { type: 'value', min: 'dataMin', max: 'dataMax', ...ticksOf(lines, palette) },
    yAxis: { ...axis, scale: !lines.hasZero, axisLabel: { ...axisLabel, formatter: lines.format } },
    tooltip: tooltip(palette, (hovered) => lineTooltip(lines, hovered)),
    series: lines.series.map(({ name, tone, values, look }, i) => ({
      id: name,
      name,
      type: 'line',
      showSymbol: look === undefined && values.length <= 40,
      symbolSize: 5,
      data: lines.x.map((x, j) => [x, values[j] ?? null]),
      lineStyle: { color: palette[tone], width: 2, type: look === 'dashed' ? 'dashed' : 'solid' },
      itemStyle: { color: palette[tone] },
      ...(look === 'area' ? { areaStyle: { color: withAlpha(palette[tone], 0.22) } } : {}),
      ...(i === 0 && lines.hasZero
        ? { markLine: { silent: true, symbol: 'none', animation: false, data: [zeroLine(palette)] } }
        : {}),
    })),
  }
}

function ticksOf({ ticks }: Lines, palette: ChartBox['palette']) {
  if (typeof ticks === 'function') return bottomAxis(palette, ticks)
  // ECharts hands a custom value back rounded.
  const name = (x: number) => ticks.find(({ at }) => Math.abs(at - x) < 0.01)?.name ?? ''
  const { axisLabel, ...axis } = bottomAxis(palette, name)
  const customValues = ticks.map(({ at }) => at)
  return { ...axis, axisLabel: { ...axisLabel, showMinLabel: true, showMaxLabel: true, customValues } }
}

function lineTooltip({ titles, series, format }: Lines, hovered: unknown): HTMLElement | string {
  const i = hoveredIndex(hovered)
  const title = i === null ? undefined : titles[i]
  if (i === null || title === undefined) return ''
  return tooltipElement(
    title,
    series.flatMap(({ name, tone, values }) => {
      const value = values[i] ?? null
      return value === null ? [] : [{ name, value: format(value), tone }]
    }),
  )
}
