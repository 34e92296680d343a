/** What goes wrong in a run, one thing after another, each for a while. */
import type { SimulatedBridge } from './ingest/SimulatedBridge.ts'
import type { SimulatedLease } from './ingest/SimulatedLease.ts'
import type { SimulatedSymbol } from './ingest/SimulatedSymbol.ts'
import type { Network } from './world/Network.ts'
import type { Process } from './world/Process.ts'
import type { World } from './world/World.ts'

export interface Victims {
  readonly network: Network
  readonly bridges: readonly SimulatedBridge[]
  readonly symbol: SimulatedSymbol
  readonly lease: SimulatedLease
}

/** Plans the next fault, and with it the one after. */
export function planFaults(world: World, victims: Victims, everyMs: number): void {
  world.after(world.between(1, 2 * everyMs), () => {
    if (!world.isRough) return
    world.pick(FAULTS)(world, victims)
    planFaults(world, victims, everyMs)
  })
}

/** Ends whatever still lasts. */
export function endFaults({ network, bridges, symbol, lease }: Victims): void {
  const processes = [...bridges, symbol, lease].map(({ process }) => process)
  for (const process of processes) {
    process.thaw()
    for (const other of processes) network.join(process, other)
  }
}

type Fault = (world: World, victims: Victims) => void

const FAULTS: readonly Fault[] = [
  killBridge,
  killBridge,
  killSymbol,
  killSymbol,
  killLease,
  killBoth,
  freeze,
  freeze,
  cut,
  cut,
]

function killBridge(world: World, { bridges }: Victims): void {
  const bridge = world.pick(bridges)
  if (!bridge.process.isAlive) return
  bridge.kill(world.chance(0.5))
  world.after(world.between(100, 15_000), () => {
    if (!bridge.process.isAlive) bridge.start()
  })
}

function killSymbol(world: World, { symbol }: Victims): void {
  killObject(world, symbol)
}

function killLease(world: World, { lease }: Victims): void {
  killObject(world, lease)
}

function killBoth(world: World, victims: Victims): void {
  killBridge(world, victims)
  killSymbol(world, victims)
}

/** The platform starts an object again when it is next asked. */
function killObject(world: World, object: SimulatedSymbol | SimulatedLease): void {
  if (!object.process.isAlive) return
  object.kill()
  world.after(world.between(0, 800), () => object.restart())
}

function freeze(world: World, { bridges }: Victims): void {
  const { process } = world.pick(bridges)
  process.say('is frozen')
  process.freeze()
  world.after(world.between(500, 15_000), () => {
    process.say('is thawed')
    process.thaw()
  })
}

function cut(world: World, { network, bridges, symbol, lease }: Victims): void {
  const a: Process = world.pick(bridges).process
  const b: Process = world.pick([symbol, lease]).process
  world.say('network', `is cut between ${a.name} and ${b.name}`)
  network.cut(a, b)
  world.after(world.between(500, 15_000), () => network.join(a, b))
}
