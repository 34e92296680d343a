import type { IsoDate } from '#quant/calendar/isoDate'

interface LotRule {
  readonly root: string
  readonly expiryFrom: IsoDate
  readonly expiryTo?: IsoDate
  /** First trading date on which contracts of these expiries have this lot. */
  readonly tradedFrom?: IsoDate
  readonly lot: number
}

/**
 * Market lots of NSE index options. A revision spares weekly and monthly contracts already listed and moves quarterly
 * ones on a later day, hence separate rules per range of expiries; the last rule that matches a contract decides.
 * Sources: NSE circulars FAOP 47854 (Mar 2021), 31 Mar 2023, 61415 (Apr 2024), 18 Oct 2024, 28 Mar 2025, 70616 (Oct 2025).
 */
const LOT_RULES: readonly LotRule[] = [
  { root: 'NIFTY', expiryFrom: '2021-07-29', lot: 50 },
  { root: 'NIFTY', expiryFrom: '2024-05-02', tradedFrom: '2024-04-26', lot: 25 },
  { root: 'NIFTY', expiryFrom: '2025-01-02', expiryTo: '2025-02-27', tradedFrom: '2024-11-20', lot: 75 },
  { root: 'NIFTY', expiryFrom: '2025-01-30', expiryTo: '2025-01-30', lot: 25 },
  { root: 'NIFTY', expiryFrom: '2025-03-01', tradedFrom: '2024-12-27', lot: 75 },
  { root: 'NIFTY', expiryFrom: '2026-01-01', expiryTo: '2026-02-28', tradedFrom: '2025-10-29', lot: 65 },
  { root: 'NIFTY', expiryFrom: '2026-03-01', tradedFrom: '2025-12-31', lot: 65 },

  { root: 'BANKNIFTY', expiryFrom: '2021-07-29', lot: 25 },
  { root: 'BANKNIFTY', expiryFrom: '2023-07-27', expiryTo: '2023-08-31', tradedFrom: '2023-04-28', lot: 15 },
  { root: 'BANKNIFTY', expiryFrom: '2023-09-01', tradedFrom: '2023-07-01', lot: 15 },
  { root: 'BANKNIFTY', expiryFrom: '2025-02-01', expiryTo: '2025-02-28', tradedFrom: '2024-11-20', lot: 30 },
  { root: 'BANKNIFTY', expiryFrom: '2025-03-01', tradedFrom: '2024-12-25', lot: 30 },
  { root: 'BANKNIFTY', expiryFrom: '2025-07-01', tradedFrom: '2025-04-25', lot: 35 },
  { root: 'BANKNIFTY', expiryFrom: '2026-01-01', expiryTo: '2026-02-28', tradedFrom: '2025-10-29', lot: 30 },
  { root: 'BANKNIFTY', expiryFrom: '2026-03-01', tradedFrom: '2025-12-31', lot: 30 },

  { root: 'FINNIFTY', expiryFrom: '2021-07-29', lot: 40 },
  { root: 'FINNIFTY', expiryFrom: '2024-07-30', tradedFrom: '2024-04-26', lot: 25 },
  { root: 'FINNIFTY', expiryFrom: '2025-02-01', tradedFrom: '2024-11-20', lot: 65 },
  { root: 'FINNIFTY', expiryFrom: '2026-01-01', tradedFrom: '2025-10-29', lot: 60 },

  { root: 'MIDCPNIFTY', expiryFrom: '2022-01-01', lot: 75 },
  { root: 'MIDCPNIFTY', expiryFrom: '2024-07-29', tradedFrom: '2024-04-26', lot: 50 },
  { root: 'MIDCPNIFTY', expiryFrom: '2025-02-01', tradedFrom: '2024-11-20', lot: 120 },
  { root: 'MIDCPNIFTY', expiryFrom: '2025-07-01', tradedFrom: '2025-04-25', lot: 140 },
  { root: 'MIDCPNIFTY', expiryFrom: '2026-01-01', tradedFrom: '2025-10-29', lot: 120 },
]

/** Lot of an NSE index option expiring on one date, as traded on another; null when no rule covers it. */
export function indiaLot(root: string, expiryDate: IsoDate, tradeDate: IsoDate): number | null {
  const rule = LOT_RULES.findLast(
    (candidate) =>
      candidate.root === root &&
      expiryDate >= candidate.expiryFrom &&
      expiryDate <= (candidate.expiryTo ?? expiryDate) &&
      tradeDate >= (candidate.tradedFrom ?? tradeDate),
  )
  return rule?.lot ?? null
}
