/** Our own Worker on a bare workerd, fed like a bridge feeds it. */
import { profileOf } from '#bridge/feeds/synthetic/profiles'
import { SyntheticMarket } from '#bridge/feeds/synthetic/SyntheticMarket'
import { STREAM_SUBPROTOCOLS, SUBPROTOCOL_BINARY } from '#schemas/stream/protocol'
import type { Tick } from '#schemas/tick'
import { createIngestClient } from '../../rig/ingestClient.ts'
import { startWorkerd, type WorkerdServer } from '../../rig/workerdServer.ts'
import type { FanoutServer } from './servers.ts'
import type { Dialect } from './swarm.ts'

const SYMBOL = 'SPX'
const STEP_MS = 100

/** How a viewer asks for updates. */
export interface Door {
  readonly impl: string
  readonly path: string
  readonly subprotocol: string
  readonly dialect: Dialect
}

export const WHOLE_FRAMES: Door = {
  impl: 'Flipwire, /ws/gamma-compact, whole frames',
  path: `/ws/gamma-compact/${SYMBOL}`,
  subprotocol: SUBPROTOCOL_BINARY,
  dialect: 'gammaCompact',
}

export const DELTAS: Door = {
  impl: 'Flipwire, /ws/v1, deltas from a relay',
  path: '/ws/v1',
  subprotocol: STREAM_SUBPROTOCOLS.binary,
  dialect: 'stream',
}

export type Flipwire = FanoutServer & Pick<WorkerdServer, 'token' | 'died'>

/** Publishes twice a second, because a batch arrives every 100 ms. */
export async function startFlipwire({ impl, path, subprotocol, dialect }: Door): Promise<Flipwire> {
  const server = await startWorkerd()
  const profile = profileOf(SYMBOL)
  if (profile === null) throw new Error('expected a synthetic SPX')
  const market = new SyntheticMarket(profile, 1, Date.UTC(2026, 10, 20, 15, 30))
  let isStopped = false
  const client = createIngestClient(server, SYMBOL)
  /** As often as it takes: a batch that is missing would end the stream. */
  const deliver = async (batch: Uint8Array): Promise<void> => {
    try {
      await client.post(batch)
    } catch {
      if (!isStopped) await deliver(batch)
    }
  }
  const send = async (ticks: readonly Tick[]): Promise<void> => {
    for (const batch of client.seal(ticks)) await deliver(batch)
  }
  await send(market.snapshot())
  let sending: Promise<void> = Promise.resolve()
  const pace = setInterval(() => (sending = sending.then(() => send(market.advance(STEP_MS)))), STEP_MS)
  return {
    impl,
    runtime: 'workerd',
    pid: server.pid,
    url: `${server.url}${path}?token=${await server.token()}`,
    headers: { 'Sec-WebSocket-Protocol': subprotocol },
    dialect,
    publish: null,
    token: server.token,
    died: server.died,
    async stop() {
      isStopped = true
      clearInterval(pace)
      await sending.catch(() => undefined)
      await server.remove()
    },
  }
}
