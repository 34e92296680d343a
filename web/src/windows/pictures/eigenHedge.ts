/** EigenHedge: the three shapes the surface moves in, at one maturity, along the smile. */
import * as v from 'valibot'
import { lineOption } from '../../chart/lineOption.ts'
import { ratio } from '../../format/numbers.ts'
import type { Picture, ViewDefinition, Views } from '../windowDefinition.ts'
import { gappedNumbers, numbers, orDash, parsed } from './parsed.ts'

const ComponentsSchema = v.object({
  nodes: v.object({ tenorDays: numbers, deviations: numbers }),
  components: v.array(v.object({ id: v.string(), loadings: gappedNumbers })),
})

const TONES = { level: 'net', slope: 'put', curvature: 'call' } as const
const NAMES = { level: 'Level', slope: 'Slope', curvature: 'Curvature' } as const
type ComponentId = keyof typeof TONES

export const EIGEN_HEDGE_VIEWS: Views = [view(7), view(30), view(60), view(90)]

function view(days: number): ViewDefinition {
  return { text: `${days} d`, metric: 'components', draw: (value) => draw(value, days) }
}

function draw(value: unknown, days: number): Picture | null {
  const surface = parsed(ComponentsSchema, value)
  if (surface === null) return null
  const { tenorDays, deviations } = surface.nodes
  const row = tenorDays.indexOf(days)
  if (row < 0) return null
  const series = surface.components.flatMap(({ id, loadings }) => {
    if (!isKnown(id)) return []
    const values = deviations.map((_, i) => loadings[row * deviations.length + i] ?? null)
    return [{ name: NAMES[id], tone: TONES[id], values }]
  })
  const places = deviations.map((at) => `${ratio(at)} σ from the forward`)
  return {
    label: `Line chart of the loadings of level, slope and curvature at ${days} days.`,
    legend: series.map(({ name, tone }) => ({ text: name, tone })),
    table: {
      caption: `Loadings at ${days} days, parts of a unit vector`,
      columns: ['Place on the smile', ...series.map(({ name }) => name)],
      rows: places.map((place, i) => [place, ...series.map(({ values }) => orDash(values[i], ratio))]),
    },
    option: (box) =>
      lineOption(
        {
          x: deviations,
          titles: places,
          ticks: (at) => `${at} σ`.replace('-', '−'),
          series,
          format: ratio,
          hasZero: true,
        },
        box,
      ),
  }
}

function isKnown(id: string): id is ComponentId {
  return id in TONES
}
