/** Fills under a line: one colour above zero, another below, meeting exactly at the crossings. */
import { withAlpha, type Palette } from '../chart/palette.ts'
import { splitBySign } from '../chart/splitBySign.ts'

export function signedAreas(x: readonly number[], y: readonly (number | null)[], palette: Palette) {
  const { positive, negative } = splitBySign(x, y)
  const fill = { type: 'line', showSymbol: false, silent: true, lineStyle: { opacity: 0 }, z: 1 } as const
  return [
    { ...fill, id: 'positive', data: positive, areaStyle: { color: withAlpha(palette.call, 0.22) } },
    { ...fill, id: 'negative', data: negative, areaStyle: { color: withAlpha(palette.put, 0.22) } },
  ]
}
