/** What goes wrong in a run, one thing after another, each for a while. */
import type { SimulatedLease } from './ingest/SimulatedLease.ts'
import type { SimulatedSymbol } from './ingest/SimulatedSymbol.ts'
import type { SimulatedRelay } from './stream/SimulatedRelay.ts'
import type { System } from './system.ts'
import type { Network } from './world/Network.ts'
import type { Process } from './world/Process.ts'
import type { World } from './world/World.ts'

/**
 * Until the run calms down. Each run has its own few kinds of faults, because all of them together leave no time for what
 * takes long (A. Groce et al., "Swarm testing", 2012).
 */
export function planFaults(world: World, system: System, everyMs: number): void {
  const kinds = FAULTS.filter(() => world.chance(0.4))
  const planNext = () => {
    world.after(world.between(1, 2 * everyMs), () => {
      if (!world.isRough || kinds.length === 0) return
      world.pick(kinds)(world, system)
      planNext()
    })
  }
  planNext()
}

/** Ends whatever still lasts, and tells viewers that the network is back. */
export function endFaults({ network, vendor, bridges, symbol, lease, relays, viewers }: System): void {
  const processes = [...bridges, symbol, lease, ...relays, ...viewers].map(({ process }) => process)
  for (const process of processes) {
    process.thaw()
    for (const other of processes) network.join(process, other)
  }
  vendor.refuse(null)
  for (const viewer of viewers) viewer.nudge()
}

type Fault = (world: World, system: System) => void

const FAULTS: readonly Fault[] = [
  killBridge,
  killSymbol,
  loseStream,
  killLease,
  killBoth,
  freeze,
  cut,
  killRelay,
  hibernateRelay,
  freezeViewer,
  sleepUnderStalledViewer,
  reloadViewer,
  loseLine,
  resetLine,
  cutViewer,
  nudgeViewer,
  hangUpVendor,
  refuseBridge,
  deploy,
]

function killBridge(world: World, { bridges }: System): void {
  const bridge = world.pick(bridges)
  if (!bridge.process.isAlive) return
  bridge.kill(world.chance(0.5))
  world.after(world.between(100, 15_000), () => {
    if (!bridge.process.isAlive) bridge.start()
  })
}

function killSymbol(world: World, { symbol }: System): void {
  killObject(world, symbol)
}

/** An object does not start more often than once a second for long. */
function loseStream(world: World, { symbol }: System): void {
  if (!symbol.process.isAlive) return
  symbol.kill()
  symbol.loseStream()
  world.after(world.between(2_000, 5_000), () => symbol.restart())
}

function killLease(world: World, { lease }: System): void {
  killObject(world, lease)
}

function killBoth(world: World, system: System): void {
  killBridge(world, system)
  killSymbol(world, system)
}

/** The platform starts an object again when it is next asked. */
function killObject(world: World, object: SimulatedSymbol | SimulatedLease | SimulatedRelay): void {
  if (!object.process.isAlive) return
  object.kill()
  world.after(world.between(0, 800), () => object.restart())
}

function freeze(world: World, { bridges }: System): void {
  freezeFor(world, world.pick(bridges).process, world.between(500, 15_000))
}

/** A reader that stops reading: long enough to use up its credit or to be closed. */
function freezeViewer(world: World, { viewers }: System): void {
  freezeFor(world, world.pick(viewers).process, world.between(2_000, 50_000))
}

function freezeFor(world: World, process: Process, ms: number): void {
  process.say('is frozen')
  process.freeze()
  world.after(ms, () => {
    process.say('is thawed')
    process.thaw()
  })
}

function cut(world: World, { network, bridges, symbol, lease, relays }: System): void {
  const [a, b] = world.pick([
    [world.pick(bridges), symbol],
    [world.pick(bridges), lease],
    [world.pick(relays), symbol],
  ])
  cutFor(world, network, a.process, b.process)
}

function cutViewer(world: World, { network, relays, viewers }: System): void {
  cutFor(world, network, world.pick(viewers).process, world.pick(relays).process)
}

function cutFor(world: World, network: Network, a: Process, b: Process): void {
  world.say('network', `is cut between ${a.name} and ${b.name}`)
  network.cut(a, b)
  world.after(world.between(500, 15_000), () => network.join(a, b))
}

/** A reader that stops reading, of relays that sleep in between: on a quiet channel they do after each frame. */
function sleepUnderStalledViewer(world: World, system: System): void {
  freezeFor(world, world.pick(system.viewers).process, world.between(35_000, 60_000))
  for (const fromMs of [0, 10_000, 20_000]) {
    world.after(fromMs + world.between(0, 10_000), () => {
      for (const relay of system.relays) if (relay.process.isAlive) relay.hibernate()
    })
  }
}

function killRelay(world: World, { relays }: System): void {
  killObject(world, world.pick(relays))
}

function hibernateRelay(world: World, { relays }: System): void {
  const relay = world.pick(relays)
  if (relay.process.isAlive) relay.hibernate()
}

function reloadViewer(world: World, { viewers }: System): void {
  world.pick(viewers).reload()
}

function resetLine(world: World, { viewers }: System): void {
  world.pick(viewers).resetLine()
}

function loseLine(world: World, { viewers }: System): void {
  world.pick(viewers).loseLine()
}

function nudgeViewer(world: World, { viewers }: System): void {
  world.pick(viewers).nudge()
}

/** Viewers are sent away, and every object begins anew a moment later. */
function deploy(world: World, { relays, symbol, lease }: System): void {
  for (const relay of relays) if (relay.process.isAlive) relay.sendAway(world.between(0, 5_000))
  world.after(world.between(0, 3_000), () => {
    for (const object of [...relays, symbol, lease]) killObject(world, object)
  })
}

function hangUpVendor(world: World, { vendor }: System): void {
  world.say('vendor', 'hangs up')
  vendor.hangUp()
}

/** A key that is not paid for, a route that is down: what fails here works at the other bridge. */
function refuseBridge(world: World, { vendor, bridges }: System): void {
  const { process } = world.pick(bridges)
  world.say('vendor', `refuses ${process.name}`)
  vendor.refuse(process)
  world.after(world.between(2_000, 60_000), () => vendor.refuse(null))
}
