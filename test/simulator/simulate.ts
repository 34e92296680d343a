/** One seeded run of the whole system, with every promise checked at every event. */
import { CORES, type Cores } from './cores.ts'
import { endFaults, planFaults } from './faults.ts'
import { ailmentOf, build, restlessOf, type System } from './system.ts'
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

/** After the last fault everything must be well again within this long; a client waits up to 60 s between two tries. */
const HEALING_MS = 90_000
/** What got lost on its way to a relay is sent again when that renews its place. */
const RESTING_MS = 45_000
/** From a tick to the frame that shows it. */
const SETTLING_MS = 2_000

export async function simulate(seed: number, events: number, cores: Cores = CORES): Promise<Run> {
  const world = new World(seed)
  let violation: string | null = null
  try {
    await run(world, events, cores)
  } catch (error) {
    violation = error instanceof Violation ? error.message : `nothing throws: ${String(error)}`
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
  for (const viewer of system.viewers) viewer.open()
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
  await world.settle()
  await rest(world, system)
}

/** Everybody ends with the newest frame, also who gets one in a while. */
async function rest(world: World, system: System): Promise<void> {
  system.vendor.rest()
  const untilMs = world.nowMs + RESTING_MS
  // What leads to the last frame is under way.
  while (world.nowMs < untilMs - RESTING_MS + SETTLING_MS && (await world.step()));
  while (world.nowMs < untilMs && restlessOf(system) !== null && (await world.step()));
  const restless = restlessOf(system)
  world.check(restless === null, 'the newest frame reaches everybody', () => restless ?? '')
  await world.settle()
}
