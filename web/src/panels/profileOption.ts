/** Net exposure the book would have at other spots, with its zero line, flips and spot. */
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
import { fullMoney, strikePrice, signedPercent } from '../format/numbers.ts'
import { signedAreas } from './signedAreas.ts'

const LEFT_PX = 58
const RIGHT_PX = 14

export function profileOption(frame: GammaFrame, { width, palette }: ChartBox): EChartsCoreOption {
  const { spot, netGex } = frame.profile
  const min = spot[0] ?? 0
  const max = spot.at(-1) ?? 1
  const markers = levelMarkers(frame).filter(({ name }) => name === 'Spot' || name.startsWith('Flip'))
  const lines = markLines(markers, { min, max, left: LEFT_PX, right: width - RIGHT_PX }, palette)
  return {
    animation: false,
    textStyle: TEXT_STYLE,
    grid: { left: LEFT_PX, right: RIGHT_PX, top: 12 + lines.rows * MARKER_ROW_PX, bottom: 26 },
    xAxis: { type: 'value', ...bottomAxis(palette, strikePrice), min, max },
    yAxis: valueAxis(palette, frame.currency),
    tooltip: tooltip(palette, (hovered) => profileTooltip(frame, hovered)),
    series: [
      {
        id: 'net',
        name: 'Net',
        type: 'line',
        showSymbol: false,
        data: spot.map((at, i) => [at, netGex[i] as number]),
        lineStyle: { color: palette.net, width: 2 },
        itemStyle: { color: palette.net },
        z: 3,
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: [...lines.data, zeroLine(palette)],
        },
      },
      ...signedAreas(spot, netGex, palette),
    ],
  }
}

function profileTooltip(frame: GammaFrame, hovered: unknown): HTMLElement | string {
  const i = hoveredIndex(hovered)
  const at = i === null ? undefined : frame.profile.spot[i]
  if (i === null || at === undefined) return ''
  const rows = [
    { name: 'Net', value: fullMoney(frame.profile.netGex[i] ?? 0, frame.currency), tone: 'net' as const },
  ]
  if (frame.spotPrice === null) return tooltipElement(`Spot at ${strikePrice(at)}`, rows)
  const move = { name: 'From spot', value: signedPercent(at / frame.spotPrice - 1) }
  return tooltipElement(`Spot at ${strikePrice(at)}`, [...rows, move])
}
