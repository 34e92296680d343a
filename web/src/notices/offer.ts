import type { Problem } from '#schemas/problem'

/** Where a higher tier is to be had; a relative address would lead back to this very desk. */
export function offerOf({ upgradeUrl }: Problem): string | undefined {
  return upgradeUrl?.startsWith('https://') ? upgradeUrl : undefined
}
