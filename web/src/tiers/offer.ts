import type { Problem } from '#schemas/problem'

/** A page of the operator's own about tiers; a relative address is this desk's. */
export function offerOf({ upgradeUrl }: Problem): string | undefined {
  return upgradeUrl?.startsWith('https://') ? upgradeUrl : undefined
}
