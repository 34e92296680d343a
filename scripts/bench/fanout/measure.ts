import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { processorMs, residentMb } from '../../rig/processCost.ts'
import { median } from '../measure.ts'
import type { FanoutServer } from './servers.ts'
import type { Arrivals, SwarmOrder } from './swarm.ts'

/** So many that one collection of garbage, which a crowd that has just come in leaves behind, is not all of p99. */
const UPDATES = 30
const INTERVAL_MS = 500
const SETTLE_MS = 2_000
/** A process holds at most 20,000 files here, and one core reads no more than this without becoming what is measured. */
const SOCKETS_PER_PROCESS = 2_500

export interface FanoutFigures {
  readonly p50Ms: number
  readonly p99Ms: number
  /** While an update goes out: sockets ÷ the time from the first arrival to the last, median over updates. */
  readonly sendsPerSecond: number
  /** The server's processor time over the whole measurement. */
  readonly processorMs: number
  readonly updates: number
  /** During that time, of updates that are not whole too. */
  readonly deliveries: number
  readonly missing: number
  readonly closed: number
  readonly residentMb: number
}

interface Swarm {
  readonly child: ChildProcess
  readonly size: number
}

/** Publishes a number of updates to so many subscribers, twice a second as the product does, and waits for the last. */
export async function measureFanout(server: FanoutServer, sockets: number): Promise<FanoutFigures> {
  const swarms = startSwarms(sockets)
  try {
    await Promise.all(swarms.map((swarm) => openAll(swarm, server)))
    await pause(SETTLE_MS)
    if (server.publish !== null) await server.publish()
    await Promise.all(swarms.map(({ child }) => ask(child, { order: 'arm' })))
    const before = processorMs(server.pid)
    const published: number[] = []
    for (let update = 0; update < UPDATES; update++) {
      const startedMs = performance.now()
      if (server.publish !== null) published.push(await server.publish())
      await pause(INTERVAL_MS - (performance.now() - startedMs))
    }
    // One that publishes by itself never comes to rest.
    if (server.publish !== null) await pause(SETTLE_MS)
    const cost = processorMs(server.pid) - before
    const answers = await Promise.all(swarms.map(({ child }) => ask(child, { order: 'collect' })))
    const arrivals = answers.map((answer) => answer['arrivals'] as Arrivals)
    return figuresOf(
      arrivals,
      server.publish === null ? null : published,
      sockets,
      cost,
      residentMb(server.pid),
    )
  } finally {
    for (const { child } of swarms) child.kill('SIGKILL')
  }
}

function figuresOf(
  arrivals: readonly Arrivals[],
  published: readonly number[] | null,
  sockets: number,
  cost: number,
  resident: number,
): FanoutFigures {
  const seen = Math.min(...arrivals.map(({ atMs }) => atMs.length))
  const delays: number[] = []
  const rates: number[] = []
  let updates = 0
  for (let update = 0; update < Math.min(seen, published?.length ?? seen); update++) {
    const at = arrivals.flatMap(({ atMs }) => [...(atMs[update] ?? [])])
    const publishedMs = published?.[update] ?? arrivals[0]?.publishedMs[update] ?? null
    // The last one of a server that publishes by itself may still be on its way.
    const isCut = published === null && update === seen - 1
    if (publishedMs === null || isCut) continue
    updates++
    for (const each of at) delays.push(each - publishedMs)
    const [first, last] = [at.reduce((a, b) => Math.min(a, b)), at.reduce((a, b) => Math.max(a, b))]
    rates.push((at.length / Math.max(0.1, last - first)) * 1000)
  }
  delays.sort((a, b) => a - b)
  const rank = (share: number): number => delays[Math.floor(share * (delays.length - 1))] ?? Number.NaN
  return {
    p50Ms: rank(0.5),
    p99Ms: rank(0.99),
    sendsPerSecond: median(rates),
    processorMs: cost,
    updates,
    deliveries: arrivals.flatMap(({ atMs }) => atMs).reduce((sum, at) => sum + at.length, 0),
    missing: updates * sockets - delays.length,
    closed: arrivals.reduce((sum, { closed }) => sum + closed, 0),
    residentMb: resident,
  }
}

export function startSwarms(sockets: number): Swarm[] {
  const processes = Math.ceil(sockets / SOCKETS_PER_PROCESS)
  return Array.from({ length: processes }, (_, i) => ({
    child: fork(join(import.meta.dirname, 'swarm.ts'), [], {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
    }),
    size: Math.floor(sockets / processes) + (i < sockets % processes ? 1 : 0),
  }))
}

/** Resolves once all of a swarm are in. */
export async function openAll({ child, size }: Swarm, server: FanoutServer): Promise<void> {
  const { impl, url, headers, dialect } = server
  const answer = await ask(child, { order: 'open', url, headers, dialect, sockets: size })
  if (answer['opened'] !== true) throw new Error(`${impl}: ${String(answer['why'])}`)
}

async function ask(child: ChildProcess, order: SwarmOrder): Promise<Readonly<Record<string, unknown>>> {
  child.send(order)
  const [answer] = (await once(child, 'message')) as [Record<string, unknown>]
  return answer
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)))
}
