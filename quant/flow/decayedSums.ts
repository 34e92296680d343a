/**
 * Sums over the last minutes in which an event counts e^(−age/τ), τ = 1, 5 and 15 minutes: divided by τ they are rates
 * per minute. A sum decays by the time between two events and not by their number, so nothing depends on how prints
 * come bundled, and a late print adds what would be left of it by now. Plain numbers: a checkpoint holds them as JSON.
 */
export const FLOW_HORIZONS_MINUTES = [1, 5, 15] as const
export type FlowHorizon = (typeof FLOW_HORIZONS_MINUTES)[number]

/** What is summed; units as `flowState.ts` adds them. */
export const FLOW_QUANTITIES = [
  'delta',
  'gamma',
  'vega',
  'absoluteDelta',
  'absoluteVega',
  'contracts',
  'valuedContracts',
  'valuedPrints',
] as const
export type FlowQuantity = (typeof FLOW_QUANTITIES)[number]
export type FlowAmounts = Record<FlowQuantity, number>

export interface DecayedSums {
  /** Market time the sums are decayed to; null before the first event. */
  newestMs: number | null
  /** The next event sets `newestMs` even when it is earlier: a replay's clock may start over. */
  clockRestarted: boolean
  /** By quantity, then horizon. */
  readonly sums: number[]
}

const MINUTE_MS = 60_000

export function emptySums(): DecayedSums {
  const length = FLOW_QUANTITIES.length * FLOW_HORIZONS_MINUTES.length
  return { newestMs: null, clockRestarted: false, sums: Array.from({ length }, () => 0) }
}

/** Adds `factor` times the amounts of an event at `eventMs`; −1 takes them back. */
export function addToSums(state: DecayedSums, eventMs: number, amounts: FlowAmounts, factor: 1 | -1): void {
  advanceTo(state, eventMs)
  const ageMs = (state.newestMs ?? eventMs) - eventMs
  FLOW_HORIZONS_MINUTES.forEach((minutes, h) => {
    const left = factor * Math.exp(-ageMs / (minutes * MINUTE_MS))
    FLOW_QUANTITIES.forEach((quantity, q) => {
      const at = indexOf(q, h)
      state.sums[at] = (state.sums[at] as number) + left * amounts[quantity]
    })
  })
}

/** What is left of the sum at `nowMs`; an instant before the newest event is as good as that event's. */
export function decayedSum(
  state: DecayedSums,
  quantity: FlowQuantity,
  minutes: FlowHorizon,
  nowMs: number,
): number {
  if (state.newestMs === null) return 0
  const ageMs = Math.max(0, nowMs - state.newestMs)
  const at = indexOf(FLOW_QUANTITIES.indexOf(quantity), FLOW_HORIZONS_MINUTES.indexOf(minutes))
  return (state.sums[at] as number) * Math.exp(-ageMs / (minutes * MINUTE_MS))
}

function advanceTo(state: DecayedSums, eventMs: number): void {
  const { newestMs, clockRestarted, sums } = state
  state.clockRestarted = false
  if (newestMs === null || (clockRestarted && eventMs < newestMs)) {
    state.newestMs = eventMs
    return
  }
  if (eventMs <= newestMs) return
  FLOW_HORIZONS_MINUTES.forEach((minutes, h) => {
    const left = Math.exp(-(eventMs - newestMs) / (minutes * MINUTE_MS))
    for (let q = 0; q < FLOW_QUANTITIES.length; q++) {
      const at = indexOf(q, h)
      sums[at] = (sums[at] as number) * left
    }
  })
  state.newestMs = eventMs
}

function indexOf(quantity: number, horizon: number): number {
  return quantity * FLOW_HORIZONS_MINUTES.length + horizon
}
