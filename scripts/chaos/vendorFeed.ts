import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import type { Feed, FeedStep } from '#bridge/feeds/feed'
import type { Tick } from '#schemas/tick'

/** The rig's vendor as a feed. A cut line ends it with an error, and the bridge dials again if it holds the lease then. */
export function createVendorFeed(symbol: string, port: number, bridge: string): Feed {
  return {
    symbol,
    source: 'rig-vendor',
    feedKind: 'synthetic',
    identity: `rig vendor ${symbol}`,
    pausable: false,
    isEndless: true,
    async *steps(_after: number | null, signal: AbortSignal): AsyncGenerator<FeedStep> {
      const socket = connect(port, '127.0.0.1')
      const hangUp = (): void => void socket.destroy()
      signal.addEventListener('abort', hangUp, { once: true })
      try {
        await once(socket, 'connect', { signal })
        socket.write(bridge)
        // By itself it ends with the line's last byte only, which a socket that was hung up here never has.
        for await (const line of createInterface({ input: socket, signal })) {
          if (signal.aborted) return
          yield { ticks: JSON.parse(line) as Tick[], cursor: null }
        }
        if (!signal.aborted) throw new Error('the vendor has cut the line')
      } finally {
        signal.removeEventListener('abort', hangUp)
        hangUp()
      }
    },
  }
}
