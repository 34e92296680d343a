/**
 * A TCP proxy that spoils connections, one chunk at a time, as its seed says: given the same chunks it spoils the same
 * ones the same way. Knows nothing of what it carries.
 */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { Random } from '#bridge/feeds/synthetic/Random'

/** Chance of each per chunk; they add up to at most 1. */
export interface FaultPlan {
  /** The chunk and all behind it wait a while. Two connections then overtake each other. */
  readonly delay: number
  /** The chunk arrives in small pieces. */
  readonly drip: number
  /** Half of the chunk arrives, then the connection ends. */
  readonly truncate: number
  /** RST to both sides. */
  readonly reset: number
  /** Nothing of this direction arrives from here on, and nobody is told. */
  readonly halfOpen: number
}

export const NO_FAULTS: FaultPlan = { delay: 0, drip: 0, truncate: 0, reset: 0, halfOpen: 0 }

type Fault = keyof FaultPlan
const FAULTS: readonly Fault[] = ['delay', 'drip', 'truncate', 'reset', 'halfOpen']
const MAX_DELAY_MS = 300
const DRIP_PIECES = 16
const DRIP_MS = 5

export interface FaultProxy {
  readonly port: number
  /** How many of each were done. */
  readonly done: Readonly<Record<Fault, number>>
  setPlan(plan: FaultPlan): void
  /** No more faults, and an end to connections that were left half-open. */
  heal(): void
  close(): void
}

export async function startFaultProxy(toPort: () => number, seed: number): Promise<FaultProxy> {
  const random = new Random(seed, 'fault proxy')
  const done: Record<Fault, number> = { ...NO_FAULTS }
  const pairs = new Set<Pair>()
  let plan = NO_FAULTS
  const isHealed = (): boolean => plan === NO_FAULTS
  const nextFault = (): Fault | null => {
    const fault = drawFault(plan, random.uniform())
    if (fault !== null) done[fault]++
    return fault
  }
  const server = createServer((near) => {
    const far = connect(toPort(), '127.0.0.1')
    const pair: Pair = { near, far, silent: false }
    pairs.add(pair)
    near.once('close', () => pairs.delete(pair))
    carry(pair, near, far, { nextFault, isHealed, random })
    carry(pair, far, near, { nextFault, isHealed, random })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    done,
    setPlan(next) {
      plan = next
    },
    heal() {
      plan = NO_FAULTS
      for (const pair of pairs) if (pair.silent) reset(pair)
    },
    close() {
      for (const pair of pairs) reset(pair)
      server.close()
    },
  }
}

interface Pair {
  readonly near: Socket
  readonly far: Socket
  /** A direction has gone half-open. */
  silent: boolean
}

interface Spoiler {
  readonly nextFault: () => Fault | null
  readonly isHealed: () => boolean
  readonly random: Random
}

function carry(pair: Pair, from: Socket, to: Socket, { nextFault, isHealed, random }: Spoiler): void {
  let isSilent = false
  let behind = Promise.resolve()
  const write = (bytes: Buffer): void => void (to.writable && to.write(bytes))
  const spoil = async (fault: Fault, bytes: Buffer, delayMs: number): Promise<void> => {
    if (fault === 'reset') reset(pair)
    else if (fault === 'truncate') to.end(bytes.subarray(0, bytes.length >> 1), () => reset(pair))
    else if (fault === 'halfOpen') isSilent = pair.silent = true
    else if (fault === 'delay') {
      await passing(delayMs)
      write(bytes)
    } else {
      const piece = Math.ceil(bytes.length / DRIP_PIECES)
      for (let at = 0; at < bytes.length; at += piece) {
        write(bytes.subarray(at, at + piece))
        await passing(DRIP_MS)
      }
    }
  }
  from.on('data', (bytes: Buffer) => {
    const fault = nextFault()
    const delayMs = random.uniform() * MAX_DELAY_MS
    behind = behind.then(() => {
      if (isSilent) return undefined
      // What was drawn before the healing must not happen after it.
      if (fault === null || isHealed()) return write(bytes)
      return spoil(fault, bytes, delayMs)
    })
  })
  from.once('end', () => void behind.then(() => void (isSilent || to.end())))
  from.once('error', () => reset(pair))
  from.once('close', () => void behind.then(() => void (isSilent || to.destroySoon())))
}

function drawFault(plan: FaultPlan, draw: number): Fault | null {
  let below = 0
  for (const fault of FAULTS) {
    below += plan[fault]
    if (draw < below) return fault
  }
  return null
}

function reset({ near, far }: Pair): void {
  near.resetAndDestroy()
  far.resetAndDestroy()
}

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
