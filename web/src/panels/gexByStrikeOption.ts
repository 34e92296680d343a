/** Bars of gamma exposure by strike with the key levels as lines. */
import type { EChartsCoreOption } from 'echarts/core'
import type { GammaFrame } from '#schemas/frame/gamma'
import {
  bottomAxis,
  hoveredIndex,
  TEXT_STYLE,
  tooltip,
  tooltipElement,
  valueAxis,
  zeroLine,
} from '../chart/axisStyle.ts'
import type { ChartBox } from '../chart/Chart.tsx'
import { levelMarkers, MARKER_ROW_PX, markLines } from '../chart/levelMarkers.ts'
import { fullMoney, strikePrice } from '../format/numbers.ts'
import { smallestStep, visibleStrikes, type StrikeWindow, type VisibleStrikes } from './strikeWindow.ts'

export type StrikeView = 'callPut' | 'net'

const LEFT_PX = 58
const RIGHT_PX = 14
const BOTTOM_PX = 26
const MAX_BAR_PX = 26

export function gexByStrikeOption(
  frame: GammaFrame,
  window: StrikeWindow,
  view: StrikeView,
  { width, palette, isAnimated }: ChartBox,
): EChartsCoreOption {
  const strikes = visibleStrikes(frame, window)
  const area = { ...window, left: LEFT_PX, right: width - RIGHT_PX }
  const lines = markLines(levelMarkers(frame), area, palette)
  const stepPx = ((area.right - area.left) * smallestStep(strikes.strike)) / (window.max - window.min)
  const barWidth = Math.max(1, Math.min(MAX_BAR_PX, stepPx * 0.74))
  const markLine = {
    silent: true,
    symbol: 'none',
    animation: false,
    data: [...lines.data, zeroLine(palette)],
  }
  const bars = view === 'net' ? netBars(strikes, palette) : callPutBars(strikes, palette)
  return {
    animation: isAnimated,
    animationDuration: 300,
    animationDurationUpdate: 200,
    textStyle: TEXT_STYLE,
    grid: { left: LEFT_PX, right: RIGHT_PX, top: 12 + lines.rows * MARKER_ROW_PX, bottom: BOTTOM_PX },
    xAxis: { type: 'value', ...bottomAxis(palette, strikePrice), min: window.min, max: window.max },
    yAxis: valueAxis(palette, frame.currency),
    tooltip: tooltip(palette, (hovered) => strikeTooltip(strikes, frame.currency, hovered)),
    series: bars.map((series, i) => ({
      ...series,
      type: 'bar',
      stack: 'gex',
      barWidth,
      ...(i === 0 ? { markLine } : {}),
    })),
  }
}

function callPutBars({ strike, callGex, putGex }: VisibleStrikes, palette: ChartBox['palette']) {
  return [
    { id: 'call', name: 'Calls', data: pairs(strike, callGex), itemStyle: { color: palette.call } },
    { id: 'put', name: 'Puts', data: pairs(strike, putGex), itemStyle: { color: palette.put } },
  ]
}

function netBars(strikes: VisibleStrikes, palette: ChartBox['palette']) {
  const net = netByStrike(strikes)
  const data = strikes.strike.map((k, i) => {
    const value = net[i] as number
    return { value: [k, value], itemStyle: { color: value < 0 ? palette.put : palette.call } }
  })
  return [{ id: 'net', name: 'Net', data }]
}

export function netByStrike({ callGex, putGex }: VisibleStrikes): number[] {
  return callGex.map((call, i) => call + (putGex[i] as number))
}

function strikeTooltip(strikes: VisibleStrikes, currency: string, hovered: unknown): HTMLElement | string {
  const i = hoveredIndex(hovered)
  const strike = i === null ? undefined : strikes.strike[i]
  if (i === null || strike === undefined) return ''
  const call = strikes.callGex[i] ?? 0
  const put = strikes.putGex[i] ?? 0
  return tooltipElement(`Strike ${strikePrice(strike)}`, [
    { name: 'Calls', value: fullMoney(call, currency), tone: 'call' },
    { name: 'Puts', value: fullMoney(put, currency), tone: 'put' },
    { name: 'Net', value: fullMoney(call + put, currency), tone: 'net' },
  ])
}

function pairs(x: readonly number[], y: readonly number[]): [number, number][] {
  return x.map((at, i) => [at, y[i] as number])
}
