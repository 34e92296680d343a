import { sealAtMs, sealWindow } from '#bridge/pipeline/sealWindow'
import { seededRandom } from '#quant/reference/random'
import { OBJECT_GB, PRICES, SESSION_SECONDS } from './prices.ts'
import type { SymbolShape } from './universe.ts'

/** What one symbol costs for a session, in USD, by what is charged. */
export interface SymbolDay {
  readonly batchesPerSecond: number
  readonly requests: number
  readonly rows: number
  readonly duration: number
  readonly total: number
}

const MIN_WINDOW_MS = 100
const CHECKPOINT_SECONDS = 15
const CHECKPOINT_ROW_BYTES = 2 ** 20
/** Measured: 3.76 MB at 24,040 contracts. */
const CHECKPOINT_BYTES_PER_CONTRACT = 156
const LEASE_RENEWALS_PER_SECOND = 1 / 3
/** Verifying a signature and decoding a batch, measured in workerd; with headroom. */
const WORKER_CPU_MS = 2
/** Timers of a batch's frame and of the one with its windows keep an object in memory; without one it may hibernate. */
const AWAKE_SECONDS_PER_BATCH = 1

export function symbolDay(shape: SymbolShape, seed = 1): SymbolDay {
  const batchesPerSecond = batchRate(shape, seed)
  const checkpointRows =
    Math.ceil((shape.contracts * CHECKPOINT_BYTES_PER_CONTRACT) / CHECKPOINT_ROW_BYTES) + 2
  const perSecond = {
    posts: batchesPerSecond + LEASE_RENEWALS_PER_SECOND,
    alarms: 1 / CHECKPOINT_SECONDS,
    // A renewal writes the lease, an alarm its own time.
    rows: batchesPerSecond + LEASE_RENEWALS_PER_SECOND + (checkpointRows + 1) / CHECKPOINT_SECONDS,
  }
  const { workerRequest, workerCpuMs, objectRequest, rowWritten, objectGbSecond } = PRICES
  const post = workerRequest + WORKER_CPU_MS * workerCpuMs + objectRequest
  const requests = SESSION_SECONDS * (perSecond.posts * post + perSecond.alarms * objectRequest)
  const rows = SESSION_SECONDS * perSecond.rows * rowWritten
  const awake = Math.min(1, batchesPerSecond * AWAKE_SECONDS_PER_BATCH)
  const duration = SESSION_SECONDS * awake * OBJECT_GB * objectGbSecond
  return { batchesPerSecond, requests, rows, duration, total: requests + rows + duration }
}

const SIMULATED_SECONDS = 300
/** Denser arrivals seal at the shortest window whatever comes. */
const DENSE_PER_SECOND = 2_000

/** Batches a second that the bridge's own rule makes of random arrivals. */
export function batchRate({ quotesPerSecond, printsPerSecond }: SymbolShape, seed: number): number {
  const perMs = Math.min(DENSE_PER_SECOND, quotesPerSecond + printsPerSecond) / 1_000
  const printShare = printsPerSecond / (quotesPerSecond + printsPerSecond)
  const random = seededRandom(seed)
  const window = sealWindow(MIN_WINDOW_MS)
  const endMs = (SIMULATED_SECONDS * 1_000 * Math.max(1, 0.02 / perMs)) | 0
  let batches = 0
  let sealedMs = Number.NEGATIVE_INFINITY
  let nowMs = arrivalAfter(random, perMs)
  while (nowMs < endMs) {
    const openedMs = nowMs
    let holdsEvents = random() < printShare
    let sealMs = sealAtMs(window, openedMs, sealedMs, perMs, holdsEvents)
    for (nowMs += arrivalAfter(random, perMs); nowMs < sealMs; nowMs += arrivalAfter(random, perMs)) {
      holdsEvents ||= random() < printShare
      sealMs = Math.min(sealMs, sealAtMs(window, openedMs, sealedMs, perMs, holdsEvents))
    }
    sealedMs = sealMs
    batches += 1
  }
  return (1_000 * batches) / endMs
}

/** Exponential: arrivals without memory. */
function arrivalAfter(random: () => number, perMs: number): number {
  return -Math.log(1 - random()) / perMs
}
