/** Spot, flips, walls and magnet as labelled vertical lines. */
import type { GammaFrame } from '#schemas/frame/gamma'
import { strikePrice, movingPrice } from '../format/numbers.ts'
import { placeLabels } from './markerLabels.ts'
import type { Palette } from './palette.ts'

export interface LevelMarker {
  readonly name: string
  readonly value: number
  readonly text: string
  readonly color: keyof Palette
  readonly dash: 'solid' | 'dashed' | 'dotted'
}

/** In order of importance: the first get the rows nearest to the plot. */
export function levelMarkers(frame: GammaFrame): LevelMarker[] {
  const flips = frame.flips.map(({ price }, i) => ({
    name: i === 0 ? 'Flip' : `Flip ${i + 1}`,
    value: price,
  }))
  const markers: (Omit<LevelMarker, 'value' | 'text'> & { value: number | null })[] = [
    { name: 'Spot', value: frame.spotPrice, color: 'spot', dash: 'solid' },
    ...flips.slice(0, 3).map((flip) => ({ ...flip, color: 'flip' as const, dash: 'dashed' as const })),
    { name: 'Call wall', value: frame.callWall, color: 'call', dash: 'dotted' },
    { name: 'Put wall', value: frame.putWall, color: 'put', dash: 'dotted' },
  ]
  return markers.flatMap((marker) => {
    const { value } = marker
    if (value === null) return []
    // Spot and flips move; walls are strikes.
    const isMoving = marker.color === 'spot' || marker.color === 'flip'
    const text = `${marker.name} ${isMoving ? movingPrice(value) : strikePrice(value)}`
    return [{ ...marker, value, text }]
  })
}

export interface MarkerArea {
  /** Value range and pixel range of the horizontal axis. */
  readonly min: number
  readonly max: number
  readonly left: number
  readonly right: number
}

export const MARKER_ROW_PX = 18
const KEPT_ROWS = 3
const FONT_PX = 11.5
/** Average width of a character of the label font. */
const CHARACTER_PX = 6.4

/** Markers within the area as ECharts mark lines, and how many rows of labels they need above the plot. */
export function markLines(markers: readonly LevelMarker[], area: MarkerArea, palette: Palette) {
  const visible = markers.filter(({ value }) => value >= area.min && value <= area.max)
  const scale = (area.right - area.left) / (area.max - area.min)
  const boxes = visible.map(({ value, text }) => ({
    x: area.left + (value - area.min) * scale,
    labelWidth: text.length * CHARACTER_PX,
  }))
  const places = placeLabels(boxes, area.left, area.right)
  const data = visible.map((marker, i) => {
    const { row, align } = places[i] ?? { row: 0, align: 'center' }
    const color = palette[marker.color]
    return {
      name: marker.name,
      xAxis: marker.value,
      lineStyle: { color, type: marker.dash, width: marker.name === 'Spot' ? 1.5 : 1.25 },
      label: {
        formatter: marker.text,
        position: 'end',
        distance: [0, 4 + row * MARKER_ROW_PX],
        align,
        color,
        fontSize: FONT_PX,
        fontWeight: 600,
      },
    }
  })
  // A few rows are kept free, so that the plot does not jump when two labels begin to touch.
  const rows = Math.max(Math.min(visible.length, KEPT_ROWS), ...places.map(({ row }) => row + 1))
  return { data, rows }
}
