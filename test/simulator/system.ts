/** What is simulated, and whether it is well. */
import type { Cores } from './cores.ts'
import { IngestLedger } from './ingest/IngestLedger.ts'
import { SimulatedBridge } from './ingest/SimulatedBridge.ts'
import { SimulatedLease } from './ingest/SimulatedLease.ts'
import { SimulatedSymbol } from './ingest/SimulatedSymbol.ts'
import { Vendor } from './ingest/Vendor.ts'
import { SimulatedHub } from './stream/SimulatedHub.ts'
import { SimulatedRelay } from './stream/SimulatedRelay.ts'
import { SimulatedViewer } from './stream/SimulatedViewer.ts'
import { StreamLedger } from './stream/StreamLedger.ts'
import { Network } from './world/Network.ts'
import { Process } from './world/Process.ts'
import type { Tier } from '#schemas/tiers'
import type { World } from './world/World.ts'

export interface System {
  readonly network: Network
  readonly vendor: Vendor
  readonly bridges: readonly SimulatedBridge[]
  readonly symbol: SimulatedSymbol
  readonly lease: SimulatedLease
  readonly relays: readonly SimulatedRelay[]
  readonly viewers: readonly SimulatedViewer[]
}

/** Two bridges, the objects of one symbol, two relays and a viewer of each encoding and cadence. Nothing runs yet. */
export function build(world: World, cores: Cores): System {
  const network = new Network(world, {
    maxDelayMs: world.pick([5, 50, 400]),
    loss: world.pick([0, 0.02, 0.1]),
    doubling: world.pick([0, 0.05]),
  })
  const process = (name: string) => new Process(world, name, world.between(-2_000, 2_000))
  const ledger = new IngestLedger(world)
  const lease = new SimulatedLease(process('lease'), cores)
  const stream = new StreamLedger(world)
  const relays = new Map<string, SimulatedRelay>()
  const symbol = new SimulatedSymbol(process('symbol'), cores, ledger, (symbol, joined) => {
    stream.newLife()
    return new SimulatedHub(symbol, network, relays, stream, joined)
  })
  for (const name of ['relay 1', 'relay 2']) {
    relays.set(name, new SimulatedRelay(process(name), cores, { network, symbol }))
  }
  const vendor = new Vendor(world, world.pick([100, 400, 1_500]))
  const around = { cores, network, vendor, lease, symbol, ledger }
  const bridges = ['bridge a', 'bridge b'].map((name) => new SimulatedBridge(process(name), around))
  const viewer = (encoding: 'binary' | 'json', tier: Tier) => {
    const name = `viewer ${encoding} ${tier}`
    return new SimulatedViewer(process(name), network, [...relays.values()], stream, encoding, tier)
  }
  const viewers = [viewer('binary', 'pro'), viewer('json', 'pro'), viewer('binary', 'guest')]
  return { network, vendor, bridges, symbol, lease, relays: [...relays.values()], viewers }
}

/** What is not as it must be once the faults are over; null when all is. */
export function ailmentOf({ bridges, viewers, symbol }: System): string | null {
  const phases = bridges.map(({ phase }) => phase).sort()
  if (phases.join() !== 'standby,streaming') return `the bridges are ${phases.join(' and ')}`
  const left = bridges.reduce((sum, { unacknowledged }) => sum + unacknowledged, 0)
  if (left > 4) return `${left} batches are left`
  return (
    viewers.map((viewer) => lagOf(viewer, symbol, 3 + viewer.everyMs / 500)).find((lag) => lag !== null) ??
    null
  )
}

/** Who does not show the newest frame although there is none to come. */
export function restlessOf({ viewers, symbol }: System): string | null {
  // An object that has just begun anew has nothing to say before it is asked.
  if (symbol.hub.newest === null) return null
  return viewers.map((viewer) => lagOf(viewer, symbol, 0)).find((lag) => lag !== null) ?? null
}

function lagOf({ shown, process }: SimulatedViewer, { hub }: SimulatedSymbol, frames: number): string | null {
  const { newest } = hub
  const isThere = shown?.epoch === newest?.epoch && (shown?.sequence ?? 0) >= (newest?.sequence ?? 0) - frames
  if (isThere) return null
  return `${process.name} shows ${shown?.epoch}/${shown?.sequence} of ${newest?.epoch}/${newest?.sequence}`
}
