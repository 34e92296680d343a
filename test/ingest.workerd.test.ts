/**
 * The bridge's delivery core against the real Worker, with a network between them that loses, repeats and reorders, and
 * an object that is evicted at any moment: what the object holds in the end is what one undisturbed batch would give.
 */
import { evictDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { readAnswer } from '#bridge/delivery/answer'
import {
  DEFAULT_DELIVERY,
  deliver,
  startDelivery,
  type DeliveryEffect,
  type DeliveryEvent,
} from '#bridge/delivery/delivery'
import { Random } from '#bridge/feeds/synthetic/Random'
import {
  cut,
  encoded,
  modelQuotes,
  NOW_MS,
  openingTicks,
  SPOT,
  trade,
  underlying,
} from '#durable-objects/symbol/testkit'
import { holdClock } from '#durable-objects/symbol/workerd.testkit'
import { postBatch } from '#workers/testing/requests'

holdClock()

const TICKS = [
  ...openingTicks(),
  ...Array.from({ length: 20 }, (_, i) => [
    ...modelQuotes(NOW_MS + i, SPOT + i).slice(0, 8),
    trade(1 + (i % 9), 4 + i / 10, 1 + i, NOW_MS + i),
    underlying(SPOT + i, NOW_MS + i),
  ]).flat(),
]

let lastTimestampMs = 0

/** One attempt over the signed route, as the bridge's poster makes it. */
async function attempt(symbol: string, body: Uint8Array) {
  lastTimestampMs = Math.max(Date.now(), lastTimestampMs + 1)
  const response = await postBatch(symbol, body, { timestampMs: lastTimestampMs })
  const text = await response.text()
  return readAnswer(response.status, response.headers.get('retry-after'), text, Date.now())
}

async function hashOf(symbol: string): Promise<string | undefined> {
  const page = await env.SYMBOL.getByName(symbol).readChain({ limit: 1 }, 'pro')
  return page !== null && 'data' in page ? page.data.stateHash : undefined
}

interface Outcome {
  readonly applied: readonly number[]
  readonly stopped: unknown
  readonly acknowledged: number
  readonly troubles: ReadonlySet<string>
}

async function disturbed(symbol: string, batches: readonly Uint8Array[], seed: number): Promise<Outcome> {
  const random = new Random(seed, 'network')
  const settings = { ...DEFAULT_DELIVERY, backoff: { baseMs: 0, capMs: 0 } }
  const applied: number[] = []
  const troubles = new Set<string>()
  /** Requests on their way and answers on their way back: whichever is picked comes next. */
  const arriving: number[] = []
  const events: DeliveryEvent[] = [{ kind: 'committed', sequence: batches.length }]
  let state = startDelivery(1, 0, 0)

  const arrive = async (sequence: number): Promise<void> => {
    const fate = random.uniform()
    if (fate < 0.1) await evictDurableObject(env.SYMBOL.getByName(symbol))
    const lost: DeliveryEvent = {
      kind: 'answered',
      sequence,
      result: { kind: 'unavailable', reason: 'reset', retryAfterMs: null },
    }
    if (fate > 0.9) {
      troubles.add('request lost')
      events.push(lost)
      return
    }
    const times = fate > 0.8 ? 2 : 1
    for (let time = 1; time <= times; time++) {
      // oxlint-disable-next-line no-await-in-loop -- a repeat comes after the first
      const result = await attempt(symbol, batches[sequence - 1] as Uint8Array)
      troubles.add(result.kind === 'accepted' && result.duplicate ? 'duplicate' : result.kind)
      if (result.kind === 'accepted' && !result.duplicate) applied.push(sequence)
      if (time === times)
        events.push(fate > 0.7 && fate < 0.8 ? lost : { kind: 'answered', sequence, result })
    }
  }
  const perform = (effect: DeliveryEffect): void => {
    if (effect.kind === 'send') arriving.push(effect.sequence)
    if (effect.kind === 'rest') events.push({ kind: 'rested' })
  }

  for (let turn = 0; arriving.length + events.length > 0; turn++) {
    if (turn > 40 * batches.length) throw new Error(`no end in sight at ${state.acknowledged}`)
    const pick = random.integer(arriving.length + events.length)
    if (pick < arriving.length) {
      // oxlint-disable-next-line no-await-in-loop -- the network delivers one thing at a time, in any order
      await arrive(arriving.splice(pick, 1)[0] as number)
      continue
    }
    const [event] = events.splice(pick - arriving.length, 1) as [DeliveryEvent]
    const step = deliver(state, event, random.uniform(), settings)
    state = step.state
    step.effects.forEach(perform)
  }
  return { applied, stopped: state.stopped, acknowledged: state.acknowledged, troubles }
}

describe('a window of batches over a bad network', () => {
  it.each([1, 2, 3])('is applied exactly once and in order (seed %i)', async (seed) => {
    const whole = `WHOLE${seed}`
    await attempt(whole, encoded({ symbol: whole }, TICKS))
    const symbol = `CUT${seed}`
    const random = new Random(seed, 'cuts')
    const places = Array.from({ length: 30 }, () => random.integer(TICKS.length))
    const batches = cut(TICKS, places, { symbol })
    const { applied, stopped, acknowledged, troubles } = await disturbed(symbol, batches, seed)
    expect(stopped).toBeNull()
    expect(acknowledged).toBe(batches.length)
    expect(applied).toEqual(batches.map((_, i) => i + 1))
    expect(await hashOf(symbol)).toBe(await hashOf(whole))
    expect([...troubles].sort()).toEqual(['accepted', 'duplicate', 'gap', 'request lost'])
  })
})
