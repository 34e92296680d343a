/** Every live expiry, those without a smile too, with the reason. */
import type { Volatility } from '#schemas/rest/volatility'
import { fixedPercent, movingPrice, ratio, signedPoints } from '../format/numbers.ts'
import { reasonText } from '../format/reasonText.ts'
import { date, type MarketZone } from '../format/time.ts'
import type { TableData } from '../panels/DataTable.tsx'
import { flagText } from './smiles.ts'

export function volatilityTable({ data }: Volatility, zone: MarketZone): TableData {
  return {
    caption: 'Volatility by expiry; skew, butterfly and fit error in vol points',
    columns: [
      'Expiry',
      'Days',
      'Forward',
      'At the forward',
      '25Δ skew',
      '25Δ butterfly',
      'Fit error',
      'Remarks',
    ],
    rows: data.expiries.map((expiry) => [
      date(Date.parse(expiry.expiry), zone),
      expiry.days.toFixed(1),
      movingPrice(expiry.forward),
      orDash(expiry.atmVol, fixedPercent),
      orDash(expiry.skew25VolPts, signedPoints),
      orDash(expiry.butterfly25VolPts, signedPoints),
      orDash(expiry.fit?.rmseVolPts ?? null, ratio),
      [...expiry.flags.map(flagText), ...(expiry.reason === null ? [] : [reasonText(expiry.reason)])].join(
        ', ',
      ),
    ]),
  }
}

function orDash(value: number | null, format: (value: number) => string): string {
  return value === null ? '—' : format(value)
}
