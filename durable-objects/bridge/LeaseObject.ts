import { DurableObject } from 'cloudflare:workers'
import type { LeaseAnswer, LeaseRequest } from '#schemas/ingest/lease'
import type { Env } from '../env.ts'
import { RecentSignatures } from '../lib/recentSignatures.ts'
import { decideLease, NO_LEASE, type LeaseState } from './lease.ts'

const STATE = 'lease'

/** The lease of one symbol: keeps what `lease.ts` decides. Named after the symbol. */
export class LeaseObject extends DurableObject<Env> {
  readonly #signatures = new RecentSignatures()
  #state: LeaseState

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#state = { ...NO_LEASE, ...ctx.storage.kv.get<LeaseState>(STATE) }
  }

  /**
   * `signature` identifies the request: a repeat could take the lease from who has it. A Worker of the version before
   * does not say when it was signed.
   */
  async decide(request: LeaseRequest, signature: string, signedMs = Date.now()): Promise<LeaseAnswer> {
    const nowMs = Date.now()
    if (!this.#signatures.admit(signature, nowMs)) {
      const detail = 'expected every attempt to be signed anew'
      return { ok: false, code: 'replayed_request', detail, retryAfterMs: 0 }
    }
    const { state, answer } = decideLease(this.#state, { ...request, signedMs }, nowMs)
    // Stored before it is believed; the output gate holds the answer until the write is durable. A refusal grants
    // nothing, so it is worth no row.
    if (answer.ok) this.ctx.storage.kv.put(STATE, state)
    this.#state = state
    return answer
  }
}
