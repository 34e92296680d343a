/** What a run found. Every count under `invariants` has to be 0. */
import type { ChaosRig } from './rig.ts'

interface Spread {
  readonly min: number
  readonly median: number
  readonly max: number
  readonly n: number
}

export class Tally {
  acknowledgedLost = 0
  shownNotStored = 0
  /** Lives whose last frames were of ticks that were not stored, and that a new epoch has taken back. */
  retracted = 0
  endStateDifferences = 0
  readonly takeoverMs: number[] = []
  readonly herdMs: number[] = []
  readonly restartMs: number[] = []
  readonly stalledGrowthMb: number[] = []
  readonly faults: Record<string, number> = {}
}

/** Whole milliseconds or megabytes; null when nothing was measured. */
function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.map(Math.round).sort((a, b) => a - b)
  const [min] = sorted
  const max = sorted.at(-1)
  const median = sorted[sorted.length >> 1]
  if (min === undefined || max === undefined || median === undefined) return null
  return { min, median, max, n: sorted.length }
}

export function reportOf(rig: ChaosRig, tally: Tally, seconds: number) {
  const { ledger, viewers, vendor } = rig
  const invariants = {
    acknowledgedLost: tally.acknowledgedLost,
    appliedTwice: ledger.appliedTwice,
    shownNotStored: tally.shownNotStored + viewers.contradictions,
    positionsReused: ledger.positionsReused,
    endStateDifferences: tally.endStateDifferences,
    gaps: viewers.gaps,
    duplicates: viewers.duplicates,
  }
  return {
    ticks: ledger.ticksAcknowledged,
    batches: ledger.batchesAcknowledged,
    ...invariants,
    isClean: Object.values(invariants).every((count) => count === 0),
    retracted: tally.retracted,
    takeoverMs: spreadOf(tally.takeoverMs),
    vendorDials: vendor.dials.length,
    vendorDialsPerEpochMax: Math.max(0, ...rig.dialsPerEpoch.values()),
    vendorEvictions: vendor.evictions(),
    herdMs: spreadOf(tally.herdMs),
    restartMs: spreadOf(tally.restartMs),
    stalledGrowthMb: spreadOf(tally.stalledGrowthMb),
    framesShown: viewers.frames,
    resumes: viewers.resumes,
    refusals: ledger.refusals,
    faults: tally.faults,
    network: rig.networkFaults(),
    seconds: Math.round(seconds),
  }
}
