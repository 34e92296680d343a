/** Volatility at the forward and 25-delta skew, both by time to expiry: side by side, or one above the other. */
import type { EChartsCoreOption } from 'echarts/core'
import {
  bottomAxis,
  hoveredIndex,
  TEXT_STYLE,
  tooltip,
  tooltipElement,
  valueAxis,
  zeroLine,
  type TooltipRow,
} from '../chart/axisStyle.ts'
import type { ChartBox } from '../chart/Chart.tsx'
import type { Palette } from '../chart/palette.ts'
import { fixedPercent, percent, ratio, signedPoints, strikePrice } from '../format/numbers.ts'
import { date, shortClock, type MarketZone } from '../format/time.ts'
import { flagText, type Smile } from './smiles.ts'
import { termPosition, termTicks } from './termAxis.ts'

const SIDE_BY_SIDE_PX = 760
const LEFT_PX = 58
const MAX_BAR_PX = 14

export function volatilityOption(
  smiles: readonly Smile[],
  zone: MarketZone,
  { width, palette }: ChartBox,
): EChartsCoreOption {
  const x = smiles.map(({ days }) => termPosition(days))
  const isWide = width >= SIDE_BY_SIDE_PX
  const ticks = termTicks(smiles.map(({ days }) => days))
  const axis = (gridIndex: number) => termAxis(x, ticks, gridIndex, palette)
  return {
    animation: false,
    textStyle: TEXT_STYLE,
    grid: isWide
      ? [
          { left: LEFT_PX, right: '52%', top: 16, bottom: 26 },
          { left: '54%', right: 14, top: 16, bottom: 26 },
        ]
      : [
          { left: LEFT_PX, right: 14, top: 12, bottom: '50%' },
          { left: LEFT_PX, right: 14, top: '60%', bottom: 26 },
        ],
    xAxis: [axis(0), axis(1)],
    yAxis: [
      { ...numberAxis(palette, (vol) => percent(vol)), scale: true, gridIndex: 0 },
      { ...numberAxis(palette, strikePrice), gridIndex: 1 },
    ],
    axisPointer: { link: [{ xAxisIndex: 'all' }] },
    tooltip: tooltip(palette, (hovered) => smileTooltip(smiles, zone, hovered)),
    series: [
      atmLine(smiles, x, palette),
      skewBars(smiles, x, barWidth(x, isWide ? width / 2 : width), palette),
    ],
  }
}

function termAxis(
  x: readonly number[],
  ticks: ReturnType<typeof termTicks>,
  gridIndex: number,
  palette: Palette,
) {
  const { axisLabel, ...axis } = bottomAxis(palette, (at) => nameAt(ticks, at))
  const [first, last] = [x[0] ?? 0, x.at(-1) ?? 1]
  const pad = Math.max(0.1, (last - first) * 0.03)
  return {
    type: 'value',
    gridIndex,
    min: first - pad,
    max: last + pad,
    ...axis,
    axisLabel: {
      ...axisLabel,
      showMinLabel: true,
      showMaxLabel: true,
      customValues: ticks.map(({ at }) => at),
    },
  }
}

/** ECharts hands a custom value back rounded. */
function nameAt(ticks: ReturnType<typeof termTicks>, at: number): string {
  return ticks.find((tick) => Math.abs(tick.at - at) < 0.01)?.name ?? ''
}

function numberAxis(palette: Palette, label: (value: number) => string) {
  const { axisLabel, ...axis } = valueAxis(palette, '')
  return { ...axis, axisLabel: { ...axisLabel, formatter: label } }
}

/** As wide as neighbours mostly allow; the few that are closer may overlap. */
function barWidth(x: readonly number[], width: number): number {
  const span = (x.at(-1) ?? 0) - (x[0] ?? 0)
  const steps = x.slice(1).map((at, i) => at - (x[i] ?? at))
  const step = steps.sort((a, b) => a - b)[steps.length >> 2] ?? span
  const stepPx = span > 0 ? (step / span) * (width - LEFT_PX) : MAX_BAR_PX
  return Math.max(2, Math.min(MAX_BAR_PX, 0.7 * stepPx))
}

function atmLine(smiles: readonly Smile[], x: readonly number[], palette: Palette) {
  return {
    id: 'atm',
    name: 'At the forward',
    type: 'line',
    xAxisIndex: 0,
    yAxisIndex: 0,
    data: smiles.map(({ atmVol, flags }, i) => ({
      value: [x[i] ?? 0, atmVol],
      symbol: flags.length > 0 ? 'emptyDiamond' : 'circle',
      symbolSize: flags.length > 0 ? 9 : 5,
    })),
    showAllSymbol: true,
    lineStyle: { color: palette.net, width: 2 },
    itemStyle: { color: palette.net },
  }
}

function skewBars(smiles: readonly Smile[], x: readonly number[], width: number, palette: Palette) {
  return {
    id: 'skew',
    name: 'Skew',
    type: 'bar',
    xAxisIndex: 1,
    yAxisIndex: 1,
    barWidth: width,
    data: smiles.map(({ skew25VolPts }, i) => ({
      value: [x[i] ?? 0, skew25VolPts],
      itemStyle: { color: (skew25VolPts ?? 0) < 0 ? palette.call : palette.put },
    })),
    markLine: { silent: true, symbol: 'none', animation: false, data: [zeroLine(palette)] },
  }
}

function smileTooltip(smiles: readonly Smile[], zone: MarketZone, hovered: unknown): HTMLElement | string {
  const i = hoveredIndex(hovered)
  const smile = i === null ? undefined : smiles[i]
  if (smile === undefined) return ''
  const ms = Date.parse(smile.expiry)
  const { skew25VolPts, fit, flags } = smile
  const rows: TooltipRow[] = [
    { name: 'Days to expiry', value: smile.days.toFixed(1) },
    { name: 'At the forward', value: fixedPercent(smile.atmVol), tone: 'net' },
  ]
  if (skew25VolPts !== null) {
    const tone = skew25VolPts < 0 ? 'call' : 'put'
    rows.push({ name: '25Δ skew', value: `${signedPoints(skew25VolPts)} pts`, tone })
  }
  rows.push({ name: 'Fit error', value: `${ratio(fit.rmseVolPts)} pts` })
  for (const flag of flags) rows.push({ name: 'Flag', value: flagText(flag) })
  return tooltipElement(`${date(ms, zone)}, ${shortClock(ms, zone)} ${zone.label}`, rows)
}
