import { contractMultiplier } from '#quant/contracts/contractMultiplier'
import { rootSpec } from '#quant/contracts/rootMaster'
import type { ContractTick, Right } from '#schemas/tick'
import type { Expiry } from './expiries.ts'
import type { MarketProfile } from './profiles.ts'
import { listStrikes } from './strikes.ts'

const DAY_MS = 86_400_000

/** All contracts of one root and expiry. Ids run call, put, call, put … by strike from `firstId`. */
export interface Series {
  readonly expiry: Expiry
  readonly multiplier: number
  readonly strikes: readonly number[]
  readonly firstId: number
}

export interface ListedContract {
  readonly contractId: number
  readonly strike: number
  readonly right: Right
}

export function listSeries(
  profile: MarketProfile,
  expiry: Expiry,
  spot: number,
  listedOn: { readonly date: string; readonly ms: number },
  firstId: number,
): Series {
  const days = (expiry.expiryMs - listedOn.ms) / DAY_MS
  const bands = days <= profile.fineWithinDays ? profile.strikeBands : profile.strikeBands.slice(1)
  const lot = contractMultiplier(rootSpec(expiry.root), expiry.expiryDate, listedOn.date)
  // Every root invented here has a multiplier today; 100 is the U.S. standard should a lot table end.
  return { expiry, multiplier: lot.multiplier ?? 100, strikes: listStrikes(spot, bands), firstId }
}

export function contractCount(series: Series): number {
  return 2 * series.strikes.length
}

export function* contractsOf(series: Series): Generator<ListedContract> {
  for (const [i, strike] of series.strikes.entries()) {
    yield { contractId: series.firstId + 2 * i, strike, right: 'call' }
    yield { contractId: series.firstId + 2 * i + 1, strike, right: 'put' }
  }
}

export function definitionsOf(series: Series): ContractTick[] {
  const { root, expiryDate } = series.expiry
  return [...contractsOf(series)].map((contract) => ({
    kind: 'contract',
    ...contract,
    root,
    expiryDate,
    multiplier: series.multiplier,
  }))
}
