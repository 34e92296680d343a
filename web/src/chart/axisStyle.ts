/** The parts every chart shares: axes, grid lines, tooltip. */
import { axisMoney } from '../format/numbers.ts'
import { withAlpha, type Palette } from './palette.ts'

/** A canvas inherits no font: the page's own, named again. */
export const TEXT_STYLE = {
  fontFamily: "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, Arial, sans-serif",
}
const FONT_PX = 11

export function valueAxis(palette: Palette, currency: string) {
  return {
    type: 'value',
    axisLabel: {
      fontSize: FONT_PX,
      color: palette.muted,
      formatter: (value: number) => axisMoney(value, currency),
    },
    splitLine: { lineStyle: { color: withAlpha(palette.line, 0.6) } },
    axisLine: { show: false },
    axisTick: { show: false },
    splitNumber: 4,
  }
}

/** The ends of the range are rarely round numbers; their labels would only be noise. */
const ROUND_ONLY = { showMinLabel: false, showMaxLabel: false }

export function bottomAxis(palette: Palette, label: (value: number) => string) {
  return {
    axisLabel: {
      fontSize: FONT_PX,
      color: palette.muted,
      formatter: label,
      hideOverlap: true,
      ...ROUND_ONLY,
    },
    axisLine: { onZero: false, lineStyle: { color: palette.line } },
    axisTick: { show: false },
    splitLine: { show: false },
  }
}

export function zeroLine(palette: Palette) {
  return {
    yAxis: 0,
    lineStyle: { color: palette.muted, type: 'solid', width: 1, opacity: 0.7 },
    label: { show: false },
  }
}

export interface TooltipRow {
  readonly name: string
  readonly value: string
  readonly tone?: 'call' | 'put' | 'net'
}

/** Built as elements, because the page's security policy forbids inline styles in markup. */
export function tooltipElement(title: string, rows: readonly TooltipRow[]): HTMLElement {
  const root = document.createElement('div')
  root.className = 'tooltip'
  root.append(element('strong', title))
  for (const { name, value, tone } of rows) {
    const row = element('div', '')
    row.append(element('span', name, tone), element('b', value))
    root.append(row)
  }
  return root
}

function element(tag: string, text: string, className?: string): HTMLElement {
  const made = document.createElement(tag)
  made.textContent = text
  if (className) made.className = className
  return made
}

export function tooltip(palette: Palette, formatter: (parameters: unknown) => HTMLElement | string) {
  return {
    trigger: 'axis',
    confine: true,
    transitionDuration: 0,
    backgroundColor: palette.panel,
    borderColor: palette.line,
    padding: 0,
    textStyle: { color: palette.text, fontSize: 12, ...TEXT_STYLE },
    axisPointer: {
      type: 'line',
      lineStyle: { color: palette.muted, type: 'dashed' },
      label: { show: false },
    },
    formatter,
  }
}

/** Index of the hovered point, from what ECharts hands to an axis tooltip. */
export function hoveredIndex(parameters: unknown): number | null {
  const first: unknown = Array.isArray(parameters) ? parameters[0] : parameters
  if (typeof first !== 'object' || first === null || !('dataIndex' in first)) return null
  return typeof first.dataIndex === 'number' ? first.dataIndex : null
}
