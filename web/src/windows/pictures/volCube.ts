/** VolCube: the strikes with most gamma, and what most sign models make of each. */
import * as v from 'valibot'
import { barOption } from '../../chart/barOption.ts'
import { axisMoney, compactMoney, percent, strikePrice } from '../../format/numbers.ts'
import type { ViewDefinition } from '../windowDefinition.ts'
import { parsed } from './parsed.ts'

const StrikesSchema = v.array(
  v.object({
    strike: v.number(),
    gexFinite: v.number(),
    share: v.number(),
    callShare: v.number(),
    label: v.string(),
  }),
)

const GROUPS = [
  { label: 'magnet', name: 'Magnet', tone: 'call' },
  { label: 'accelerator', name: 'Accelerator', tone: 'put' },
  { label: 'contested', name: 'Contested', tone: 'net' },
] as const

export const VOL_CUBE_VIEW: ViewDefinition = {
  text: 'Top strikes',
  metric: 'topStrikes',
  draw: (value, { frame }) => {
    const strikes = parsed(StrikesSchema, value)
    if (strikes === null) return null
    const money = (amount: number) => compactMoney(amount, frame.currency)
    const present = GROUPS.filter(({ label }) => strikes.some((strike) => strike.label === label))
    const ascending = [...strikes].sort((a, b) => a.strike - b.strike)
    return {
      label: `Bar chart of the ${strikes.length} strikes with most gamma, most at ${strikePrice(strikes[0]?.strike ?? 0)}.`,
      legend: present.map(({ name, tone }) => ({ text: name, tone })),
      table: {
        caption: 'Strikes with most gamma, per 1 % move',
        columns: ['Strike', 'Gamma', 'of all', 'of it calls', 'Role'],
        rows: strikes.map(({ strike, gexFinite, share, callShare, label }) => [
          strikePrice(strike),
          money(gexFinite),
          percent(Math.round(1000 * share) / 1000),
          percent(Math.round(100 * callShare) / 100),
          label,
        ]),
      },
      option: (box) =>
        barOption(
          {
            categories: ascending.map(({ strike }) => strikePrice(strike)),
            series: present.map(({ label, name, tone }) => ({
              name,
              tone,
              values: ascending.map((strike) => (strike.label === label ? strike.gexFinite : null)),
            })),
            axis: (amount) => axisMoney(amount, frame.currency),
            format: money,
            isStacked: true,
          },
          box,
        ),
    }
  },
}
