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

/** Two bridges, the objects of one symbol, two relays and a viewer of each encoding. Nothing runs yet. */
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
  const viewers = (['binary', 'json'] as const).map(
    (encoding) =>
      new SimulatedViewer(process(`viewer ${encoding}`), network, [...relays.values()], stream, encoding),
  )
  return { network, vendor, bridges, symbol, lease, relays: [...relays.values()], viewers }
}

/** What is not as it must be once the faults are over; null when all is. */
export function ailmentOf({ bridges, viewers, symbol }: System): string | null {
  const phases = bridges.map(({ phase }) => phase).sort()
  if (phases.join() !== 'standby,streaming') return `the bridges are ${phases.join(' and ')}`
  const left = bridges.reduce((sum, { unacknowledged }) => sum + unacknowledged, 0)
  if (left > 4) return `${left} batches are left`
  const newest = symbol.hub.newest
  for (const { shown, process } of viewers) {
    const isThere = shown?.epoch === newest?.epoch && (shown?.sequence ?? 0) >= (newest?.sequence ?? 0) - 3
    if (!isThere)
      return `${process.name} shows ${shown?.epoch}/${shown?.sequence} of ${newest?.epoch}/${newest?.sequence}`
  }
  return null
}
