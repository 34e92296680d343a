/** One seeded run of the whole system, with every promise checked at every event. */
import { CORES, type Cores } from './cores.ts'
import { endFaults, planFaults, type Victims } from './faults.ts'
import { IngestLedger } from './ingest/IngestLedger.ts'
import { SimulatedBridge } from './ingest/SimulatedBridge.ts'
import { SimulatedLease } from './ingest/SimulatedLease.ts'
import { SimulatedSymbol } from './ingest/SimulatedSymbol.ts'
import { Vendor } from './ingest/Vendor.ts'
import { Network } from './world/Network.ts'
import { Process } from './world/Process.ts'
import { Violation, World } from './world/World.ts'

export interface Run {
  readonly seed: number
  /** The same for the same seed, cores and number of events. */
  readonly hash: number
  readonly events: number
  /** The broken promise; null when all were kept. */
  readonly violation: string | null
  readonly trace: readonly string[]
}

/** After the last fault everything must be well again within this long. */
const HEALING_MS = 40_000

export async function simulate(seed: number, events: number, cores: Cores = CORES): Promise<Run> {
  const world = new World(seed)
  let violation: string | null = null
  try {
    await run(world, events, cores)
  } catch (error) {
    if (!(error instanceof Violation)) throw error
    violation = error.message
  }
  return { seed, hash: world.hash, events: world.events, violation, trace: world.trace }
}

/** For the message of a failed test. */
export function report({ seed, violation, trace }: Run): string {
  return [`seed ${seed}: ${violation}`, ...trace.slice(-80)].join('\n')
}

async function run(world: World, events: number, cores: Cores): Promise<void> {
  const system = build(world, cores)
  for (const bridge of system.bridges) bridge.start()
  await world.settle()
  planFaults(world, system, world.pick([1_000, 3_000, 8_000]))
  while (world.events < events && (await world.step()));
  world.isRough = false
  world.say('world', 'calms down')
  endFaults(system)
  const untilMs = world.nowMs + HEALING_MS
  while (world.nowMs < untilMs && ailmentOf(system) !== null && (await world.step()));
  const ailment = ailmentOf(system)
  world.check(ailment === null, 'all is well again once the faults are over', () => ailment ?? '')
}

function build(world: World, cores: Cores): Victims {
  const network = new Network(world, {
    maxDelayMs: world.pick([5, 50, 400]),
    loss: world.pick([0, 0.02, 0.1]),
    doubling: world.pick([0, 0.05]),
  })
  const process = (name: string) => new Process(world, name, world.between(-2_000, 2_000))
  const ledger = new IngestLedger(world)
  const lease = new SimulatedLease(process('lease'), cores)
  const listener = { made: () => {}, leaves: () => {}, died: () => {} }
  const symbol = new SimulatedSymbol(process('symbol'), cores, ledger, listener)
  const vendor = new Vendor(world, world.pick([100, 400, 1_500]))
  const around = { cores, network, vendor, lease, symbol, ledger }
  const bridges = ['bridge a', 'bridge b'].map((name) => new SimulatedBridge(process(name), around))
  return { network, bridges, symbol, lease }
}

/** What is not as it must be once the faults are over; null when all is. */
function ailmentOf({ bridges }: Victims): string | null {
  const phases = bridges.map(({ phase }) => phase).sort()
  if (phases.join() !== 'standby,streaming') return `the bridges are ${phases.join(' and ')}`
  const left = bridges.reduce((sum, { unacknowledged }) => sum + unacknowledged, 0)
  return left <= 4 ? null : `${left} batches are left`
}
