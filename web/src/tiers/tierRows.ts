/** The table of tiers as people read it, made of the one the service refuses by. */
import { SCOPES, TIER_LIMITS, TIERS, type Scope, type Tier, type TierLimits } from '#schemas/tiers'
import { count, shortCount } from '../format/numbers.ts'

export interface TierRow {
  readonly label: string
  /** One a tier, in their order; `null`: not part of it. */
  readonly values: readonly (string | null)[]
}

const MINUTE_MS = 60_000

export function tierRows(): readonly TierRow[] {
  return [
    has('Key levels', 'levels'),
    has('Chain: expiries', 'chain', ({ depth }) => (depth === null ? 'all' : count(depth.expiries))),
    has('Chain: strikes each side of spot', 'chain', ({ depth }) =>
      depth === null ? 'all' : count(depth.strikesEachSide),
    ),
    has('Chain: quotes of live markets', 'chain', ({ rawDelayMs }) =>
      rawDelayMs === 0 ? 'live' : `${rawDelayMs / MINUTE_MS} min late`,
    ),
    has('Exposures', 'exposure'),
    has('Volatility', 'volatility'),
    has('Every figure, explained', 'metrics'),
    has('Live streams', 'stream'),
    has('API keys', 'keys'),
    has('Webhooks', 'webhooks'),
    each('Frames of a stream', frameText),
    each('Places for live windows', ({ windows }) => count(windows)),
    each('Units a minute', ({ unitsPerMinute }) => shortCount(unitsPerMinute)),
    each('Units a day', ({ unitsPerDay }) => shortCount(unitsPerDay)),
  ]
}

function frameText({ frameEveryMs }: TierLimits): string {
  return frameEveryMs === 0 ? 'all' : `${count(1_000 / frameEveryMs)} a second`
}

/** `text`: what of it the tier has. */
function has(label: string, scope: Scope, text: (limits: TierLimits) => string = () => 'yes'): TierRow {
  const from = TIERS.indexOf(SCOPES[scope].tier)
  return { label, values: TIERS.map((tier, i) => (i < from ? null : text(TIER_LIMITS[tier]))) }
}

function each(label: string, text: (limits: TierLimits) => string): TierRow {
  return { label, values: TIERS.map((tier: Tier) => text(TIER_LIMITS[tier])) }
}
