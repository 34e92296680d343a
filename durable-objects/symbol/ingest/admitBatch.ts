/** What happens to a post: refused with its reason, acknowledged as known, or found fit to be applied. Changes nothing. */
import type { IngestAccepted, IngestRefused } from '#schemas/ingest/answer'
import { decodeBatch, type BatchDefect } from '#schemas/ingest/codec'
import { validateBatch, type ValidBatch } from '../book/validateBatch.ts'
import type { LiveState } from '../state.ts'
import { placeBatch, type Placement } from './position.ts'

export type Admission =
  | { readonly kind: 'answer'; readonly answer: IngestAccepted | IngestRefused }
  | { readonly kind: 'apply'; readonly valid: ValidBatch }

/** `symbol` is the object's own; a batch for another one is refused. */
export function admitBatch({ book, positions }: LiveState, symbol: string, bytes: Uint8Array): Admission {
  const decoded = decodeBatch(bytes)
  if (!decoded.ok) return refuse(fromDefect(decoded.defect))
  const batch = decoded.value
  if (batch.symbol !== symbol) {
    const detail = `expected ${symbol}, was ${batch.symbol}`
    return refuse({ ok: false, code: 'batch_symbol', field: 'symbol', detail })
  }
  const placement = placeBatch(positions, batch)
  if (placement.kind === 'duplicate') {
    const { position } = placement
    return { kind: 'answer', answer: { ok: true, status: 'duplicate', position, flagged: 0 } }
  }
  if (placement.kind !== 'apply') return refuse(fromPlacement(placement, batch.epoch, batch.sequence))
  const valid = validateBatch(book, batch)
  return valid.ok ? { kind: 'apply', valid } : refuse(valid)
}

function refuse(answer: IngestRefused): Admission {
  return { kind: 'answer', answer }
}

function fromDefect({ code, field, expected, received }: BatchDefect): IngestRefused {
  return { ok: false, code, field, detail: `expected ${expected}, was ${received}` }
}

function fromPlacement(
  { kind, expected }: Exclude<Placement, { kind: 'apply' | 'duplicate' }>,
  epoch: number,
  sequence: number,
): IngestRefused {
  return kind === 'gap'
    ? {
        ok: false,
        code: 'sequence_gap',
        field: 'sequence',
        detail: `expected ${expected.sequence} of epoch ${expected.epoch}, was ${sequence}`,
        expected,
      }
    : {
        ok: false,
        code: 'stale_epoch',
        field: 'epoch',
        detail: `expected ${expected.epoch} or later, was ${epoch}`,
        expected,
      }
}
