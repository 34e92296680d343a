/** Everything a run consists of: Worker, two bridges, vendor, viewers, and the books kept on them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from '#bridge/feeds/synthetic/Random'
import { startWorkerd, type WorkerdServer } from '../rig/workerdServer.ts'
import { startRigBridge, type RigBridge } from './bridges.ts'
import { Ledger } from './ledger.ts'
import { Replay } from './replay.ts'
import { startVendor, type Vendor } from './vendor.ts'
import { Viewers } from './viewers.ts'
import type { Gate } from './witness.ts'

export const SYMBOL = 'SPX'
/** Of either kind. */
const VIEWERS = 25

export interface ChaosRig {
  readonly random: Random
  readonly server: WorkerdServer
  readonly vendor: Vendor
  readonly bridges: readonly RigBridge[]
  readonly viewers: Viewers
  readonly ledger: Ledger
  readonly replay: Replay
  readonly gate: Gate
  /** Vendor connections made under each epoch. */
  readonly dialsPerEpoch: ReadonlyMap<number, number>
  /** Of the two: the bridge that the vendor is connected to, by its newest dial. */
  active(): RigBridge
  standby(): RigBridge
  networkFaults(): Record<string, number>
  stop(): Promise<void>
}

export async function startRig(seed: number, log: (line: string) => void): Promise<ChaosRig> {
  const ends: (() => unknown)[] = []
  const stop = async (): Promise<void> => {
    // oxlint-disable-next-line no-await-in-loop -- what was started last is stopped first
    for (const end of ends.splice(0).toReversed()) await end()
  }
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => void stop().finally(() => process.exit(130)))
  try {
    return await start(seed, log, stop, (end) => void ends.push(end))
  } catch (error) {
    await stop()
    throw error
  }
}

async function start(
  seed: number,
  log: (line: string) => void,
  stop: () => Promise<void>,
  atEnd: (end: () => unknown) => void,
): Promise<ChaosRig> {
  const directory = mkdtempSync(join(tmpdir(), 'flipwire-chaos-'))
  atEnd(() => rmSync(directory, { recursive: true, force: true }))
  const random = new Random(seed, 'chaos')
  const server = await startWorkerd()
  atEnd(() => server.remove())
  const [ledger, replay, gate] = [new Ledger(), new Replay(), { isClosed: false }]
  const dialsPerEpoch = new Map<number, number>()
  const bridges: RigBridge[] = []
  const vendor = await startVendor(SYMBOL, seed, (name) => {
    const epoch = bridges.find((bridge) => bridge.name === name)?.witness.grantedEpoch() ?? 0
    dialsPerEpoch.set(epoch, (dialsPerEpoch.get(epoch) ?? 0) + 1)
  })
  atEnd(() => vendor.close())
  const setting = {
    symbol: SYMBOL,
    workerUrl: server.url,
    vendorPort: vendor.port,
    keyFile: server.bridgeKeyFile,
  }
  for (const [i, name] of ['a', 'b'].entries()) {
    const bridge = await startRigBridge(name, { ...setting, directory, seed: seed + i, ledger, gate, log })
    atEnd(() => bridge.remove())
    bridges.push(bridge)
  }
  await until('first batch', () => ledger.batchesAcknowledged > 0)
  const viewers = new Viewers(VIEWERS, {
    symbol: SYMBOL,
    url: server.url.replace('http', 'ws'),
    token: () => server.token(),
    random: new Random(seed, 'viewers'),
  })
  atEnd(() => viewers.close())
  await until('every viewer to see something', () => viewers.allShownSince(-1))
  const active = (): RigBridge => bridges.find(({ name }) => name === vendor.dials.at(-1)) as RigBridge
  return {
    random,
    server,
    vendor,
    bridges,
    viewers,
    ledger,
    replay,
    gate,
    dialsPerEpoch,
    active,
    standby: () => bridges.find((bridge) => bridge !== active()) as RigBridge,
    networkFaults: () => sum(bridges.map(({ network }) => network.done)),
    stop,
  }
}

/** Polls until it holds. @throws Error naming what did not happen */
export async function until(what: string, holds: () => boolean, timeoutMs = 30_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`expected ${what} within ${timeoutMs} ms`)
    await pause(10)
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

function sum(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const each of counts)
    for (const [name, count] of Object.entries(each)) total[name] = (total[name] ?? 0) + count
  return total
}
