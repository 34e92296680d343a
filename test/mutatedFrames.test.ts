/** Damaged bytes of every kind that travels: each is taken or refused by name, and none is an exception. */
import { expect, it } from 'vitest'
import { Random } from '#bridge/feeds/synthetic/Random'
import { crc32 } from '#schemas/binary/crc32'
import { decodeGammaFrame, encodeGammaFrame, FrameDecodeError } from '#schemas/frame/codec'
import { SAMPLE_FRAME } from '#schemas/frame/sample'
import { decodeBatch, encodeBatch } from '#schemas/ingest/codec'
import { SAMPLE_BATCH } from '#schemas/ingest/sample'
import { readClientMessage } from '#schemas/stream/clientMessage'
import { deltaOf, type GammaDelta } from '#schemas/stream/delta'
import { encodeDelta, encodeSnapshot } from '#schemas/stream/encodeBinary'
import { quantise } from '#schemas/stream/quantise'
import { readServerMessage } from '#schemas/stream/serverMessage'
import { snapshotOf } from '#schemas/stream/snapshot'
import { mutated } from './mutate.ts'

/** Of each kind; `FRAME_MUTATIONS=1000000 vitest run --project node test/mutatedFrames` is the long run. */
const MUTATIONS = Number(process.env['FRAME_MUTATIONS'] ?? 10_000)

const held = quantise(SAMPLE_FRAME)
const next = quantise({
  ...held,
  sequence: held.sequence + 1,
  previous: held.sequence,
  netGex: 7e9,
  putWall: null,
})
const delta = deltaOf(held, next) as GammaDelta
const snapshot = snapshotOf(held)
const utf8 = (message: unknown) => new TextEncoder().encode(JSON.stringify(message))
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** With the checksum made right again, to reach the checks behind it. */
function sealed(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
  if (bytes.length >= 16) new DataView(bytes.buffer).setUint32(12, crc32(bytes.subarray(16)), true)
  return bytes
}

function takesFrame(bytes: Uint8Array): boolean {
  try {
    decodeGammaFrame(bytes)
    return true
  } catch (error) {
    if (error instanceof FrameDecodeError) return false
    throw error
  }
}

const KINDS: readonly (readonly [string, Uint8Array, (bytes: Uint8Array<ArrayBuffer>) => boolean])[] = [
  ['ingest batches', encodeBatch(SAMPLE_BATCH), (bytes) => decodeBatch(bytes).ok],
  [
    'ingest batches with a right checksum',
    encodeBatch(SAMPLE_BATCH),
    (bytes) => decodeBatch(sealed(bytes)).ok,
  ],
  ['compact frames', encodeGammaFrame(SAMPLE_FRAME), takesFrame],
  [
    'binary snapshots',
    encodeSnapshot(snapshot),
    ({ buffer }) => readServerMessage(buffer).kind === 'message',
  ],
  ['binary deltas', encodeDelta(delta), ({ buffer }) => readServerMessage(buffer).kind === 'message'],
  ['JSON snapshots', utf8(snapshot), (bytes) => readServerMessage(text(bytes)).kind === 'message'],
  ['JSON deltas', utf8(delta), (bytes) => readServerMessage(text(bytes)).kind === 'message'],
  [
    'viewers’ messages',
    utf8({ op: 'subscribe', channels: [{ channel: 'gamma.SPX', epoch: 3, sequence: 17 }] }),
    (bytes) => readClientMessage(text(bytes)).kind === 'message',
  ],
]

it.each(KINDS)(`${MUTATIONS} damaged %s`, { timeout: 0 }, (name, original, takes) => {
  const random = new Random(20_261_121, name)
  let taken = 0
  for (let run = 0; run < MUTATIONS; run++) if (takes(mutated(original, random))) taken++
  expect(takes(Uint8Array.from(original))).toBe(true)
  expect(MUTATIONS - taken).toBeGreaterThan(MUTATIONS / 10)
})
