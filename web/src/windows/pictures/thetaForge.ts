/** ThetaForge: what each expiry loses per day, whoever holds it, and what of it dealers gain or lose. */
import * as v from 'valibot'
import { barOption } from '../../chart/barOption.ts'
import { axisMoney, signedCompactMoney } from '../../format/numbers.ts'
import { settlementNames } from '../../format/time.ts'
import type { ViewDefinition } from '../windowDefinition.ts'
import { gappedNumbers, numbers, orDash, parsed } from './parsed.ts'

const ThetaSchema = v.object({ expiryMs: numbers, gross: gappedNumbers, signed: gappedNumbers })

export const THETA_FORGE_VIEW: ViewDefinition = {
  text: 'By expiry',
  metric: 'thetaByExpiry',
  draw: (value, { frame, zone }) => {
    const theta = parsed(ThetaSchema, value)
    if (theta === null) return null
    const dates = settlementNames(theta.expiryMs, zone)
    const money = (amount: number) => signedCompactMoney(amount, frame.currency)
    return {
      label: `Bar chart of theta per day of ${dates.length} expiries.`,
      legend: [
        { tone: 'net', text: 'All open options' },
        { tone: 'call', text: 'As dealers hold them' },
      ],
      table: {
        caption: `Theta per day by expiry, ${frame.currency}`,
        columns: ['Expiry', 'All open options', 'As dealers hold them'],
        rows: dates.map((name, i) => [name, orDash(theta.gross[i], money), orDash(theta.signed[i], money)]),
      },
      option: (box) =>
        barOption(
          {
            categories: dates,
            series: [
              { name: 'All open options', tone: 'net', values: theta.gross },
              { name: 'As dealers hold them', tone: 'call', values: theta.signed },
            ],
            axis: (amount) => axisMoney(amount, frame.currency),
            format: money,
          },
          box,
        ),
    }
  },
}
