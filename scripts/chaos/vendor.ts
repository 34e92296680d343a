/**
 * A vendor with one connection per key, as vendors have for individual plans: whoever dials evicts the connection before
 * (../shared/reliability.md §0.7). It serves a synthetic market, one JSON array of ticks a line, from a snapshot on.
 */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { profileOf, type MarketProfile } from '#bridge/feeds/synthetic/profiles'
import { SyntheticMarket } from '#bridge/feeds/synthetic/SyntheticMarket'
import type { Tick } from '#schemas/tick'

/** In the middle of a session, so that a run of an hour stays inside it. */
const START_MS = Date.UTC(2026, 10, 20, 15)
const STEP_MS = 50
/** Prints may not be lost or repeated, so there are plenty. */
const PRINTS_PER_SECOND = 4_000

export interface Vendor {
  readonly port: number
  /** By name of the bridge, in order. */
  readonly dials: readonly string[]
  /** Connections that ended because another was dialled. */
  readonly evictions: () => number
  /** Where the market stands: what a receiver that missed nothing holds. */
  truth(): readonly Tick[]
  /** The market stands still, or goes on. */
  pause(isPaused: boolean): void
  close(): void
}

export async function startVendor(
  symbol: string,
  seed: number,
  onDial: (bridge: string) => void,
): Promise<Vendor> {
  const market = new SyntheticMarket(busy(symbol), seed, START_MS)
  const dials: string[] = []
  let evictions = 0
  let line: Socket | null = null
  let isPaused = false
  const send = (ticks: readonly Tick[]): void => void line?.write(`${JSON.stringify(ticks)}\n`)

  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.once('close', () => (line = line === socket ? null : line))
    socket.once('data', (name: Buffer) => {
      dials.push(name.toString())
      onDial(name.toString())
      if (line !== null) evictions++
      line?.destroy()
      line = socket
      send(market.snapshot())
    })
  })
  const pace = setInterval(() => {
    if (!isPaused) send(market.advance(STEP_MS))
  }, STEP_MS)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    dials,
    evictions: () => evictions,
    truth: () => market.snapshot(),
    pause(paused) {
      isPaused = paused
    },
    close() {
      clearInterval(pace)
      line?.destroy()
      server.close()
    },
  }
}

function busy(symbol: string): MarketProfile {
  const profile = profileOf(symbol)
  if (profile === null) throw new Error(`expected a symbol of the synthetic market, was ${symbol}`)
  return { ...profile, printsPerSecond: PRINTS_PER_SECOND }
}
