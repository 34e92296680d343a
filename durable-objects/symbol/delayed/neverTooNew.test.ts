/**
 * Any market, any pauses, any clocks of bridges: what a free caller reads is never newer than their delay, by the
 * quotes' own times and by when they were really true; and it is hardly older than it has to be.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { SIGNATURE_WINDOW_MS } from '#schemas/ingest/signature'
import { TIER_LIMITS } from '#schemas/tiers'
import { admitBatch } from '../ingest/admitBatch.ts'
import { applyToState, emptyState } from '../state.ts'
import { CONTRACTS, encoded, NOW_MS, quote, underlying } from '../testkit.ts'
import { ChainReads } from '../views/chainReads.ts'
import { LiveFrame } from '../views/liveFrame.ts'
import { DelayedStates } from './DelayedStates.ts'
import { KEEP_EVERY_MS, SETTLING_MS } from './keptStates.ts'
import { MemoryKeeper } from './memoryKeeper.testkit.ts'

const DELAY_MS = TIER_LIMITS.free.rawDelayMs
const MINUTE_MS = 60_000

/** The object's part in it, with its clock and its alarm in our hands. */
class Hub {
  readonly #state = emptyState()
  readonly #keeper = new MemoryKeeper()
  #delayed = this.#restart()
  #sequence = 0
  #frames = 0
  #dueMs: number | null = null
  readonly #live = new LiveFrame('SPX', this.#state, () => {
    this.#frames += 1
    return { epoch: 1, sequence: this.#frames, previous: this.#frames - 1 }
  })
  nowMs = NOW_MS

  #restart(): DelayedStates {
    return new DelayedStates('SPX', this.#keeper, (error) => {
      throw error
    })
  }

  evict(): void {
    this.#delayed = this.#restart()
  }

  pass(ms: number): void {
    const untilMs = this.nowMs + ms
    if (this.#dueMs !== null && this.#dueMs <= untilMs) {
      this.nowMs = this.#dueMs
      this.#dueMs = null
      this.#delayed.keep(this.#current(), this.#state.book, this.nowMs)
    }
    this.nowMs = untilMs
  }

  /** A quote of what was true at `trueMs`, sealed then by a bridge with a clock of its own. */
  receive({ trueMs, skewMs, eventMs, epoch }: Arrival): void {
    const isFirst = epoch !== this.#epoch
    this.#epoch = epoch
    this.#sequence = isFirst ? 1 : this.#sequence + 1
    const listed = isFirst ? CONTRACTS : []
    const bid = priceOf(trueMs)
    const ticks = [...listed, quote(1, bid, bid + 0.5, eventMs), underlying(bid, eventMs)]
    const batch = encoded({ epoch, sequence: this.#sequence, createdMs: trueMs + skewMs }, ticks)
    const admission = admitBatch(this.#state, 'SPX', batch)
    if (admission.kind === 'answer') throw new Error(JSON.stringify(admission.answer))
    applyToState(this.#state, admission.valid, this.nowMs)
    const dueMs = this.#delayed.dueMs(this.#state.book, this.nowMs)
    if (dueMs !== null) this.#dueMs = Math.min(this.#dueMs ?? Infinity, dueMs)
  }
  #epoch = 0

  read(cursor?: string) {
    const chain = new ChainReads(
      () => this.#state.book,
      () => this.#current(),
      this.#delayed,
    )
    return chain.read({ limit: 1, ...(cursor === undefined ? {} : { cursor }) }, 'free', this.nowMs)
  }

  get names(): readonly number[] {
    return this.#keeper.kept.map(({ takenMs }) => takenMs)
  }

  #current() {
    return this.#live.current(this.nowMs, () => undefined)
  }
}

interface Arrival {
  readonly trueMs: number
  readonly skewMs: number
  readonly eventMs: number
  readonly epoch: number
}

/** A price that tells when it was true. */
const priceOf = (trueMs: number) => 1 + (trueMs - NOW_MS) / 1_000 + 10_000
const trueMsOf = (bid: number) => (bid - 10_001) * 1_000 + NOW_MS

const seconds = (min: number, max: number) => fc.integer({ min, max }).map((count) => count * 1_000)
const step = fc.record({
  pauseMs: fc.oneof(seconds(1, 90), seconds(1, 400), seconds(600, 2_400)),
  /** How long the bridge held it back. */
  heldMs: fc.oneof(fc.constant(0), seconds(0, 120)),
  skewMs: seconds(-SIGNATURE_WINDOW_MS / 1_000, SIGNATURE_WINDOW_MS / 1_000),
  /** Of the quote, before it was sealed by the bridge's clock. */
  ageMs: fc.oneof(seconds(-59, 5), seconds(-59, 3_600)),
  newEpoch: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
  evict: fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0),
  arrives: fc.integer({ min: 0, max: 4 }).map((roll) => roll > 0),
  cursor: fc.nat({ max: 8 }),
})

type Answer = Awaited<ReturnType<Hub['read']>>
type Kind = 'kept' | 'newest' | 'none' | 'nothing'

function kindOf(answer: Answer): Kind {
  if (answer === null) return 'nothing'
  if ('fromMs' in answer) return 'none'
  return answer.data.delay === null ? 'newest' : 'kept'
}

/** When what the answer shows was true, was quoted, and is said to be of. */
function timesIn(answer: Answer): number[] {
  if (answer === null || 'fromMs' in answer) return []
  const quoted = answer.data.rows.flatMap(({ bid, quoteAsOf }) =>
    bid === null || quoteAsOf === null ? [] : [trueMsOf(bid), Date.parse(quoteAsOf)],
  )
  return [Date.parse(answer.meta.asOf ?? ''), ...quoted]
}

/** Whether it shows what was true at `trueMs` or later. A new epoch may not have quoted the contract yet. */
function reaches(answer: Answer, trueMs: number): boolean {
  if (answer === null || 'fromMs' in answer) return false
  const bid = answer.data.rows[0]?.bid ?? null
  return bid === null || trueMsOf(bid) >= trueMs
}

it('a free caller never reads what is newer than the delay, nor much older', async () => {
  const seen: Record<Kind, number> = { kept: 0, newest: 0, none: 0, nothing: 0 }
  const property = fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
    const hub = new Hub()
    const arrived: { readonly trueMs: number; readonly atMs: number }[] = []
    let trueMs = 0
    let eventMs = 0
    let epoch = 1
    for (const { pauseMs, heldMs, skewMs, ageMs, newEpoch, evict, arrives, cursor } of steps) {
      hub.pass(pauseMs)
      if (evict) hub.evict()
      // What comes later was true later, and a quote of an older time than the one held would not be taken.
      const next = Math.max(trueMs + 1_000, hub.nowMs - heldMs)
      const quotedMs = Math.max(newEpoch ? 0 : eventMs, next + skewMs - ageMs)
      if (arrives && next <= hub.nowMs && quotedMs <= next + skewMs + 59_000) {
        if (newEpoch) epoch += 1
        trueMs = next
        eventMs = quotedMs
        hub.receive({ trueMs, skewMs, eventMs, epoch })
        arrived.push({ trueMs, atMs: hub.nowMs })
      }

      const { names, nowMs } = hub
      const forged = `SPXW351116C05800000@${names[cursor % (names.length + 1)] ?? 1}`
      // oxlint-disable-next-line no-await-in-loop -- time passes in order
      const [answer = null, again = null] = await Promise.all([hub.read(), hub.read(forged)])
      seen[kindOf(answer)] += 1
      const times = [...timesIn(answer), ...timesIn(again)]
      expect(times.filter((ms) => !(ms <= nowMs - DELAY_MS))).toEqual([])
      // Quotes may be of a minute ahead, and then wait as much longer.
      const lateMs = KEEP_EVERY_MS + SETTLING_MS + SIGNATURE_WINDOW_MS + 2 * MINUTE_MS
      const due = arrived.findLast(({ atMs }) => atMs <= nowMs - DELAY_MS - lateMs)
      expect(due === undefined || reaches(answer, due.trueMs)).toBe(true)
    }
  })
  await fc.assert(property, { numRuns: 40, seed: 20_351_116 })
  const { kept, newest, none } = seen
  expect(Math.min(kept, newest, none)).toBeGreaterThan(30)
})
