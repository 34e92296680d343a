/** SkewSentinel: skew and butterfly of every live expiry, by time to it. */
import * as v from 'valibot'
import { lineOption } from '../../chart/lineOption.ts'
import { signedPoints } from '../../format/numbers.ts'
import { settlementNames } from '../../format/time.ts'
import { termPosition, termTicks } from '../../volatility/termAxis.ts'
import type { ViewDefinition } from '../windowDefinition.ts'
import { gappedNumbers, numbers, orDash, parsed } from './parsed.ts'

const SkewSchema = v.object({
  expiryMs: numbers,
  skew25VolPts: gappedNumbers,
  butterfly25VolPts: gappedNumbers,
})
const DAY_MS = 86_400_000

export const SKEW_SENTINEL_VIEW: ViewDefinition = {
  text: 'By expiry',
  metric: 'byExpiry',
  draw: (value, { zone, asOfMs }) => {
    const skew = parsed(SkewSchema, value)
    if (skew === null) return null
    const days = skew.expiryMs.map((ms) => (ms - asOfMs) / DAY_MS)
    const dates = settlementNames(skew.expiryMs, zone)
    return {
      label: `Line chart of 25-delta skew and butterfly of ${dates.length} expiries, in vol points.`,
      legend: [
        { tone: 'put', text: '25Δ skew' },
        { tone: 'net', text: '25Δ butterfly' },
      ],
      table: {
        caption: 'Skew by expiry, vol points',
        columns: ['Expiry', 'Days', '25Δ skew', '25Δ butterfly'],
        rows: dates.map((name, i) => [
          name,
          (days[i] as number).toFixed(1),
          orDash(skew.skew25VolPts[i], signedPoints),
          orDash(skew.butterfly25VolPts[i], signedPoints),
        ]),
      },
      option: (box) =>
        lineOption(
          {
            x: days.map(termPosition),
            titles: dates,
            ticks: termTicks(days),
            series: [
              { name: '25Δ skew', tone: 'put', values: skew.skew25VolPts },
              { name: '25Δ butterfly', tone: 'net', values: skew.butterfly25VolPts },
            ],
            format: signedPoints,
            hasZero: true,
          },
          box,
        ),
    }
  },
}
