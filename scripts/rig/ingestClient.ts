/** Posts batches as a bridge does, signed and in sequence, without its journal and its patience. */
import { readFileSync } from 'node:fs'
import { systemClock } from '#bridge/clock/systemClock'
import { createPoster } from '#bridge/delivery/poster'
import { createRequestSigner } from '#bridge/delivery/requestSigner'
import { sealBatches } from '#bridge/pipeline/sealBatches'
import type { Tick } from '#schemas/tick'
import type { WorkerdServer } from './workerdServer.ts'

export interface IngestClient {
  /** The ticks as the next batches of epoch 1, encoded and not sent. */
  seal(ticks: readonly Tick[]): Uint8Array[]
  /** Resolves once acknowledged. One that overtook its predecessor is sent again. @throws Error on any other answer */
  post(batch: Uint8Array): Promise<void>
}

const TIMEOUT_MS = 10_000
const MAX_TRIES = 50

export function createIngestClient(server: WorkerdServer, symbol: string): IngestClient {
  const signer = createRequestSigner(readFileSync(server.bridgeKeyFile, 'utf8'))
  const post = createPoster({ to: server.url, symbol, signer, clock: systemClock, timeoutMs: TIMEOUT_MS })
  let sequence = 0
  return {
    seal(ticks) {
      const header = { source: 'bench', feed: 'synthetic', symbol, epoch: 1, createdMs: Date.now() } as const
      const batches = sealBatches({ ...header, sequence: sequence + 1 }, ticks)
      sequence += batches.length
      return batches
    },
    async post(batch) {
      for (let tries = 1; ; tries++) {
        const { kind } = await post(batch)
        if (kind === 'accepted') return
        if (kind !== 'gap' || tries === MAX_TRIES) throw new Error(`expected an acknowledgement, was ${kind}`)
      }
    },
  }
}
