/** What is done to the system, one per cycle, and what has to hold before the next. */
import type { Random } from '#bridge/feeds/synthetic/Random'
import { NO_FAULTS } from '../rig/faultProxy.ts'
import { residentMb } from '../rig/processCost.ts'
import { check, quietly } from './check.ts'
import { pause, until, type ChaosRig } from './rig.ts'
import type { Tally } from './tally.ts'

type Fault = (rig: ChaosRig, tally: Tally) => Promise<void>

/** Longer than a lease lasts. */
const FROZEN_MS = 13_000
const NETWORK_MS = 3_000
const STALL_MS = 5_000
const STALLED = 10
const NETWORK = { ...NO_FAULTS, delay: 0.25, drip: 0.08, truncate: 0.03, reset: 0.03, halfOpen: 0.01 }

export const FAULTS: Readonly<Record<string, Fault>> = {
  killWorker: (rig, tally) => killWorker(rig, tally, async () => undefined),

  async killBridge(rig, tally) {
    const bridge = rig.active()
    await bridge.kill()
    await quietly(rig, () => check(rig, tally, null))
    bridge.start()
  },

  killBoth(rig, tally) {
    const bridge = rig.active()
    return killWorker(rig, tally, async () => {
      await bridge.kill()
      bridge.start()
    })
  },

  /** A bridge that does not come back: the standby has to. */
  async takeover(rig, tally) {
    const bridge = rig.active()
    const killedMs = performance.now()
    await bridge.kill()
    await standbyApplied(rig, tally, killedMs)
    bridge.start()
  },

  /** A bridge that comes back after its lease has ended, with batches and a vendor connection of its own. */
  async freezeBridge(rig, tally) {
    const bridge = rig.active()
    const frozenMs = performance.now()
    bridge.freeze()
    await Promise.all([standbyApplied(rig, tally, frozenMs), pause(FROZEN_MS)])
    bridge.thaw()
    await pause(2_000)
  },

  async freezeWorker({ server, random }) {
    server.freeze()
    await pause(500 + 2_500 * random.uniform())
    server.thaw()
  },

  /** Batches lost, cut, repeated and overtaken by others. */
  async network({ bridges }) {
    for (const { network } of bridges) network.setPlan(NETWORK)
    await pause(NETWORK_MS)
    for (const { network } of bridges) network.heal()
  },

  /**
   * Nobody reaches the Worker for longer than a lease lasts. Whoever gets through first afterwards has it, while the
   * other one still streams and the network still spoils what they are told.
   */
  async outage({ bridges, gate }) {
    gate.isClosed = true
    await pause(FROZEN_MS)
    for (const { network } of bridges) network.setPlan(NETWORK)
    gate.isClosed = false
    await pause(NETWORK_MS)
    for (const { network } of bridges) network.heal()
  },

  /** Twice, so that some are cut while they resume. */
  async cutViewers({ viewers, random }) {
    for (let cut = 0; cut < 2; cut++) {
      const cutMs = performance.now()
      viewers.cut()
      await pause(2_000 * random.uniform())
      if (cut === 1) await until('viewers to be back', () => viewers.allShownSince(cutMs))
    }
  },

  async stalledReaders({ server, viewers }, tally) {
    const before = residentMb(server.pid)
    viewers.stall(STALLED)
    await pause(STALL_MS)
    tally.stalledGrowthMb.push((residentMb(server.pid) - before) / STALLED)
    viewers.stall(0)
  },
}

/** How often each is drawn out of twenty. */
const DECK: Readonly<Record<keyof typeof FAULTS, number>> = {
  killWorker: 5,
  killBridge: 3,
  killBoth: 4,
  takeover: 1,
  freezeBridge: 1,
  freezeWorker: 1,
  network: 2,
  outage: 1,
  stalledReaders: 1,
  cutViewers: 1,
}

/** Names of faults, twenty at a time in an order of chance; of `only` some, those in that order. */
export function* drawnFaults(random: Random, only?: readonly string[]): Generator<string> {
  const unknown = only?.find((name) => !(name in FAULTS))
  if (unknown !== undefined) throw new Error(`expected ${Object.keys(FAULTS).join(', ')}, was ${unknown}`)
  for (;;) {
    if (only !== undefined) {
      yield* only
      continue
    }
    const deck = Object.entries(DECK).flatMap(([name, times]) => Array<string>(times).fill(name))
    while (deck.length > 0) yield* deck.splice(random.integer(deck.length), 1)
  }
}

/** Every bridge is kept waiting until the new life has been held against the books: what it holds is what it stored. */
async function killWorker(rig: ChaosRig, tally: Tally, alsoDo: () => Promise<void>): Promise<void> {
  const { server, viewers, gate } = rig
  const epoch = viewers.newestEpoch
  gate.isClosed = true
  await Promise.all([server.kill(), alsoDo()])
  const diedMs = performance.now()
  await server.start()
  const upMs = performance.now()
  tally.restartMs.push(upMs - diedMs)
  await quietly(rig, () => check(rig, tally, epoch))
  await until('viewers to be back', () => viewers.allShownSince(upMs))
  tally.herdMs.push(performance.now() - upMs)
}

async function standbyApplied({ ledger, standby }: ChaosRig, tally: Tally, sinceMs: number): Promise<void> {
  const { witness } = standby()
  const isThere = (): boolean => {
    const epoch = witness.grantedEpoch()
    const appliedMs = epoch === null ? undefined : ledger.firstAppliedMs.get(epoch)
    if (appliedMs === undefined || appliedMs < sinceMs) return false
    tally.takeoverMs.push(appliedMs - sinceMs)
    return true
  }
  await until('the standby to take over', isThere)
}
