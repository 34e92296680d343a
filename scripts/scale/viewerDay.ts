/**
 * A session of one symbol's viewers, second by second and seeded: they come with the open, stay a while and leave; one relay
 * dies; a deploy cuts everybody at once. Shows how relays fill, and what a return of everybody asks of them.
 */
import { seededRandom } from '#quant/reference/random'

export interface RelayRule {
  /** A region has as many shards as it takes to give each this many. */
  readonly target: number
  /** A relay with this many refuses. */
  readonly limit: number
  /** Between two counts of a region: its relays report with their lease. */
  readonly adviceSeconds: number
  /** Sockets a relay can take back in a second. */
  readonly resumesPerSecond: number
}

export interface ViewerDayShape {
  readonly viewers: number
  readonly meanVisitSeconds: number
  /** Share of viewers by region. */
  readonly regions: readonly number[]
  readonly deployAtSecond: number
  readonly relayDiesAtSecond: number
}

export interface ViewerDay {
  readonly peakViewers: number
  readonly peakRelays: number
  readonly fullestRelay: number
  readonly refused: number
  /** Until everybody cut by the deploy was back, and the most tries of one viewer. */
  readonly deployBackSeconds: number
  readonly relayDeathBackSeconds: number
  /** Reconnects in the busiest second of the busiest relay. */
  readonly busiestSecond: number
}

const SESSION = 6.5 * 3_600
/** Half the viewers come within ten minutes of the open. */
const OPEN_RUSH_SECONDS = 600

interface Region {
  /** Sockets by shard. */
  readonly relays: number[]
  advised: number
  heardAtSecond: number
}

export function viewerDay(shape: ViewerDayShape, rule: RelayRule, seed: number): ViewerDay {
  const random = seededRandom(seed)
  const regions: Region[] = shape.regions.map(() => ({ relays: [0], advised: 1, heardAtSecond: 0 }))
  const leaving = new Map<number, [region: number, shard: number][]>()
  const waiting = new Map<number, number[]>()
  const day = { peakViewers: 0, peakRelays: 0, fullestRelay: 0, refused: 0, busiestSecond: 0 }
  let viewers = 0
  let deployBack = -1
  let deathBack = -1
  let cutByDeploy = 0
  let cutByDeath = 0

  const connect = (second: number, at: number): void => {
    const region = regions[at] as Region
    const shards = adviceOf(region, rule, second)
    const shard = shardWithRoom(region, Math.floor(random() * shards), shards - 1, rule.limit)
    if (shard === null) {
      day.refused += 1
      push(waiting, second + 1 + Math.floor(random() * 3), at)
      return
    }
    const held = region.relays[shard] ?? 0
    region.relays[shard] = held + 1
    viewers += 1
    const visit = Math.ceil(-Math.log(1 - random()) * shape.meanVisitSeconds)
    push(leaving, second + visit, [at, shard])
    day.fullestRelay = Math.max(day.fullestRelay, held + 1)
  }

  for (let second = 0; second < SESSION; second++) {
    for (const [at, shard] of take(leaving, second)) {
      const { relays } = regions[at] as Region
      // Those cut before their time have come back under another visit.
      if ((relays[shard] ?? 0) === 0) continue
      relays[shard] = (relays[shard] as number) - 1
      viewers -= 1
    }
    const back = take(waiting, second)
    for (const at of back) connect(second, at)
    if (cutByDeploy > 0 && back.length > 0 && pending(waiting) === 0 && deployBack < 0)
      deployBack = second - shape.deployAtSecond
    if (cutByDeath > 0 && back.length > 0 && pending(waiting) === 0 && deathBack < 0)
      deathBack = second - shape.relayDiesAtSecond
    day.busiestSecond = Math.max(day.busiestSecond, back.length / Math.max(1, relaysOf(regions)))
    for (let n = arrivals(shape, second, random); n > 0; n--) connect(second, pick(shape.regions, random()))
    day.peakViewers = Math.max(day.peakViewers, viewers)
    day.peakRelays = Math.max(day.peakRelays, relaysOf(regions))
    if (second === shape.relayDiesAtSecond) cutByDeath = cut(regions.slice(0, 1), 1, second)
    if (second === shape.deployAtSecond) cutByDeploy = cut(regions, Infinity, second)
  }
  return { ...day, deployBackSeconds: deployBack, relayDeathBackSeconds: deathBack }

  /** Cuts up to `relays` relays of the regions; each viewer comes back within the spread its relay told it. */
  function cut(among: readonly Region[], relays: number, second: number): number {
    let total = 0
    for (const region of among) {
      const at = regions.indexOf(region)
      for (let shard = 0; shard < Math.min(relays, region.relays.length); shard++) {
        const sockets = region.relays[shard] as number
        const spread = Math.ceil(sockets / rule.resumesPerSecond)
        for (let n = 0; n < sockets; n++) push(waiting, second + 1 + Math.floor(random() * (spread + 1)), at)
        region.relays[shard] = 0
        viewers -= sockets
        total += sockets
      }
    }
    leaving.clear()
    for (const [at, { relays: shards }] of regions.entries())
      for (const [shard, sockets] of shards.entries())
        for (let n = 0; n < sockets; n++)
          push(leaving, second + Math.ceil(-Math.log(1 - random()) * shape.meanVisitSeconds), [at, shard])
    return total
  }
}

/** The shard chosen, or when that is full the newest, which the Worker tries next; null when both are. */
function shardWithRoom({ relays }: Region, chosen: number, newest: number, limit: number): number | null {
  while (relays.length <= newest) relays.push(0)
  for (const shard of [chosen, newest]) if ((relays[shard] ?? 0) < limit) return shard
  return null
}

/** Shards to choose among, by the viewers of the region when they were last counted. Those there already stay where they are. */
function adviceOf(region: Region, { target, adviceSeconds }: RelayRule, second: number): number {
  if (second - region.heardAtSecond >= adviceSeconds) {
    region.heardAtSecond = second
    const viewers = region.relays.reduce((sum, sockets) => sum + sockets, 0)
    // One fewer at a time: after a cut nobody is there, and all of them are about to come back.
    region.advised = Math.max(1, Math.ceil(viewers / target), region.advised - 1)
  }
  return region.advised
}

function arrivals(
  { viewers, meanVisitSeconds }: ViewerDayShape,
  second: number,
  random: () => number,
): number {
  // Steady arrivals hold the number of viewers; the rush brings the first of them.
  const steady = viewers / meanVisitSeconds
  const rush = second < OPEN_RUSH_SECONDS ? viewers / OPEN_RUSH_SECONDS : 0
  const mean = second < OPEN_RUSH_SECONDS ? rush : steady
  const whole = Math.floor(mean)
  return whole + (random() < mean - whole ? 1 : 0)
}

function pick(shares: readonly number[], at: number): number {
  let left = at * shares.reduce((sum, share) => sum + share, 0)
  for (const [i, share] of shares.entries()) {
    left -= share
    if (left < 0) return i
  }
  return shares.length - 1
}

function relaysOf(regions: readonly Region[]): number {
  return regions.reduce((sum, { relays }) => sum + relays.filter((sockets) => sockets > 0).length, 0)
}

function pending(waiting: ReadonlyMap<number, readonly number[]>): number {
  let count = 0
  for (const viewers of waiting.values()) count += viewers.length
  return count
}

function push<T>(queue: Map<number, T[]>, second: number, item: T): void {
  const held = queue.get(second)
  if (held === undefined) queue.set(second, [item])
  else held.push(item)
}

function take<T>(queue: Map<number, T[]>, second: number): readonly T[] {
  const held = queue.get(second) ?? []
  queue.delete(second)
  return held
}
