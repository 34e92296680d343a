/** Net exposure and spot through time. */
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
import { withGaps, type TimelineSeries } from '../desk/timelineSeries.ts'
import { fullMoney, strikePrice, movingPrice } from '../format/numbers.ts'
import { clock, date, marketZone, shortClock } from '../format/time.ts'
import { signedAreas } from './signedAreas.ts'

/** Below this span, minutes alone would repeat themselves along the axis. */
const SECONDS_BELOW_MS = 10 * 60_000

export function netThroughTimeOption(
  timeline: TimelineSeries,
  currency: string,
  { palette }: ChartBox,
): EChartsCoreOption {
  const series = withGaps(timeline)
  const zone = marketZone(currency)
  const times = series.map(({ asOfMs }) => asOfMs)
  const net = series.map(({ netGex }) => netGex)
  const spanMs = (times.at(-1) ?? 0) - (times[0] ?? 0)
  const label = spanMs < SECONDS_BELOW_MS ? clock : shortClock
  const crossesZero = net.some((value) => (value ?? 0) > 0) && net.some((value) => (value ?? 0) < 0)
  return {
    animation: false,
    // Ticks at whole hours of UTC are whole hours in New York as well.
    useUTC: true,
    textStyle: TEXT_STYLE,
    grid: { left: 58, right: 58, top: 16, bottom: 26 },
    xAxis: {
      type: 'time',
      ...bottomAxis(palette, (ms) => label(ms, zone)),
      min: 'dataMin',
      max: 'dataMax',
    },
    yAxis: [
      // What moved is the point here, not how far from zero it was.
      { ...valueAxis(palette, currency), scale: true },
      {
        type: 'value',
        scale: true,
        splitNumber: 4,
        axisLabel: { fontSize: 11, color: palette.muted, formatter: strikePrice },
        splitLine: { show: false },
      },
    ],
    tooltip: tooltip(palette, (hovered) => timeTooltip(series, currency, hovered)),
    series: [
      {
        id: 'net',
        name: 'Net',
        type: 'line',
        showSymbol: false,
        data: times.map((ms, i) => [ms, net[i] ?? null]),
        lineStyle: { color: palette.net, width: 2 },
        itemStyle: { color: palette.net },
        z: 3,
        markLine: { silent: true, symbol: 'none', animation: false, data: [zeroLine(palette)] },
      },
      {
        id: 'spot',
        name: 'Spot',
        type: 'line',
        yAxisIndex: 1,
        showSymbol: false,
        data: series.map(({ asOfMs, spotPrice }) => [asOfMs, spotPrice]),
        lineStyle: { color: palette.spot, width: 1.25, opacity: 0.75, type: 'dashed' },
        itemStyle: { color: palette.spot },
        z: 2,
      },
      ...(crossesZero ? signedAreas(times, net, palette) : []),
    ],
  }
}

function timeTooltip(series: TimelineSeries, currency: string, hovered: unknown): HTMLElement | string {
  const i = hoveredIndex(hovered)
  const point = i === null ? undefined : series[i]
  if (point === undefined) return ''
  const zone = marketZone(currency)
  const rows: TooltipRow[] = []
  if (point.netGex !== null) rows.push({ name: 'Net', value: fullMoney(point.netGex, currency), tone: 'net' })
  if (point.spotPrice !== null) rows.push({ name: 'Spot', value: movingPrice(point.spotPrice) })
  return tooltipElement(`${clock(point.asOfMs, zone)} ${zone.label}, ${date(point.asOfMs, zone)}`, rows)
}
