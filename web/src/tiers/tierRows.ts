/** The table of tiers as people read it, made of the one the service refuses by. */
import { SCOPES, TIER_LIMITS, TIERS, type Scope, type Tier, type TierLimits } from '#schemas/tiers'
import { count } from '../format/numbers.ts'

export interface TierRow {
  readonly label: string
  /** One a tier, in their order; `null`: not part of it. */
  readonly values: readonly (string | null)[]
}

const MINUTE_MS = 60_000

export function tierRows(): readonly TierRow[] {
  return [
    has('Key levels', 'levels'),
    has('Option chain', 'chain', chainText),
    has('Exposures by strike and expiry', 'exposure'),
    has('Volatility', 'volatility'),
    has('Every figure, explained', 'metrics'),
    has('Live windows and streams', 'stream'),
    has('API keys', 'keys'),
    has('Webhooks', 'webhooks'),
    each('A stream’s frames', frameText),
    each('Places for live windows', ({ windows }) => count(windows)),
    each('Units a minute', ({ unitsPerMinute }) => count(unitsPerMinute)),
    each('Units a day', ({ unitsPerDay }) => count(unitsPerDay)),
  ]
}

function frameText({ frameEveryMs }: TierLimits): string {
  return frameEveryMs === 0 ? 'every one' : `one in ${frameEveryMs / 1_000} s`
}

/** `text`: what of it the tier has. */
function has(label: string, scope: Scope, text: (limits: TierLimits) => string = () => 'yes'): TierRow {
  const from = TIERS.indexOf(SCOPES[scope].tier)
  return { label, values: TIERS.map((tier, i) => (i < from ? null : text(TIER_LIMITS[tier]))) }
}

function each(label: string, text: (limits: TierLimits) => string): TierRow {
  return { label, values: TIERS.map((tier: Tier) => text(TIER_LIMITS[tier])) }
}

function chainText({ rawDelayMs, depth }: TierLimits): string {
  const late = rawDelayMs === 0 ? [] : [`live markets ${rawDelayMs / MINUTE_MS} minutes late`]
  const part =
    depth === null
      ? ['all of it']
      : [`the ${depth.expiries} nearest expiries, ${depth.strikesEachSide} strikes each side of spot`]
  return [...part, ...late].join('; ')
}
