/** VolEntropy: where option prices see the settlement, beside a lognormal of the same volatility. */
import * as v from 'valibot'
import { lineOption } from '../../chart/lineOption.ts'
import { fixedPercent, percent, strikePrice } from '../../format/numbers.ts'
import { date } from '../../format/time.ts'
import type { Picture, PictureContext, Views } from '../windowDefinition.ts'
import { gappedNumbers, numbers, orDash, parsed } from './parsed.ts'

const DensitySchema = v.object({
  expiryMs: v.number(),
  edges: v.pipe(numbers, v.minLength(3)),
  probabilities: gappedNumbers,
  below: v.number(),
  above: v.number(),
})

/** The bins of the metric, in σ√T of the lognormal: a quarter each, from −5 to 5. */
const BIN = 0.25
const FIRST = -5

export const VOL_ENTROPY_VIEWS: Views = [
  { text: 'Front', metric: 'density', draw },
  { text: '30 days', metric: 'densityMonth', draw },
]

function draw(value: unknown, { zone }: PictureContext): Picture | null {
  const density = parsed(DensitySchema, value)
  if (density === null) return null
  const { edges, probabilities, below, above } = density
  const middles = probabilities.map((_, i) => Math.sqrt((edges[i] ?? 0) * (edges[i + 1] ?? 0)))
  const lognormal = lognormalBins(edges)
  const bins = probabilities.map(
    (_, i) => `${strikePrice(edges[i] ?? 0)} to ${strikePrice(edges[i + 1] ?? 0)}`,
  )
  const expiry = date(density.expiryMs, zone)
  return {
    label: `Distribution of settlements on ${expiry} from option prices, beside a lognormal.`,
    legend: [
      { tone: 'call', text: `Settlement ${expiry}` },
      { tone: 'net', text: 'Lognormal, same volatility' },
    ],
    table: {
      caption: `Probability of settling in each range on ${expiry}`,
      columns: ['Range', 'Probability', 'Lognormal'],
      rows: bins.map((bin, i) => [
        bin,
        orDash(probabilities[i], fixedPercent),
        orDash(lognormal[i], fixedPercent),
      ]),
    },
    option: (box) =>
      lineOption(
        {
          x: middles,
          titles: bins,
          ticks: strikePrice,
          series: [
            { name: 'Option prices', tone: 'call', values: probabilities, look: 'area' },
            { name: 'Lognormal', tone: 'net', values: lognormal, look: 'dashed' },
          ],
          format: (share) => percent(Math.round(share * 1e4) / 1e4),
          hasZero: true,
        },
        box,
      ),
    remarks: [`Beyond the range: ${fixedPercent(below)} below, ${fixedPercent(above)} above.`],
  }
}

/** Of a lognormal on the same bins, by the middle of each: within a quarter percent of the integral. */
export function lognormalBins(edges: readonly number[]): number[] {
  const sigmaRootT = Math.log((edges[1] ?? 1) / (edges[0] ?? 1)) / BIN
  return edges.slice(1).map((_, i) => {
    const z = FIRST + (i + 0.5) * BIN + sigmaRootT / 2
    return (BIN * Math.exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI)
  })
}
