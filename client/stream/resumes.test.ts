/** Resumes at random points: nothing between, nothing twice, and the truth about it. `STREAM_RESUMES=100000` for long runs. */
import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import type { GammaFrame } from '#schemas/frame/gamma'
import { fakeNetwork, settled } from './fakeNetwork.testkit.ts'
import { fakeServer } from './fakeServer.testkit.ts'
import { frameAt } from './history.testkit.ts'
import { openStream } from './openStream.ts'

const RESUMES = Number(process.env['STREAM_RESUMES'] ?? 1_000)
const WINDOW = 12

/** Numerical Recipes' linear congruential generator. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

async function resumeAtRandom(encoding: 'json' | 'binary', resumes: number) {
  const random = seededRandom(20_261_121)
  const below = (limit: number) => Math.floor(random() * limit)
  const server = fakeServer({ window: WINDOW, credit: 64 })
  const network = fakeNetwork({ random, onConnect: server.connect, onSend: server.receive })
  const found = { shown: 0, gaps: 0, duplicates: 0, differing: 0, recovered: 0, notRecovered: 0 }
  let last: GammaFrame | null = null
  let mayJump = true
  const stream = openStream({
    url: async () => 'wss://x/ws/v1',
    encoding,
    environment: network.environment,
    onStatus: () => {},
  })
  stream.subscribe('SPX', {
    onFrame: (frame) => {
      const { epoch, sequence } = last ?? frame
      found.shown++
      if (!isDeepStrictEqual(frame, frameAt(frame.epoch, frame.sequence))) found.differing++
      if (frame.epoch === epoch && last !== null && frame.sequence <= sequence) found.duplicates++
      const follows = frame.epoch === epoch && frame.sequence === sequence + 1
      if (!follows && !mayJump) found.gaps++
      mayJump = false
      last = frame
    },
    onResumed: (recovered) => {
      found[recovered ? 'recovered' : 'notRecovered']++
      mayJump = !recovered
    },
  })
  /** Everything that is on its way arrives, both ways; at most so many messages of the server's. */
  const exchange = async (atMost?: number) => {
    for (let turn = 0; turn < 3; turn++) {
      await settled()
      server.deliver(atMost)
    }
  }
  await exchange()
  for (let n = 0; n < resumes; n++) {
    for (let frames = below(4); frames > 0; frames--) server.publish()
    server.deliver(below(5))
    server.cut()
    for (let frames = below(2 * WINDOW); frames > 0; frames--) server.publish()
    if (below(50) === 0) server.restart()
    stream.retry()
    // Now and then the next cut comes before all of it has arrived.
    await exchange(below(4) === 0 ? 1 + below(3) : undefined)
  }
  await exchange()
  return { found, last, newest: server.newest(), answers: server.answers }
}

test.each(['json', 'binary'] as const)(
  `${RESUMES} resumes over %s: 0 gaps, 0 duplicates, and "recovered" only when it is so`,
  async (encoding) => {
    const { found, last, newest, answers } = await resumeAtRandom(encoding, RESUMES)
    expect(found).toMatchObject({ gaps: 0, duplicates: 0, differing: 0 })
    expect(last).toEqual(newest)
    expect(answers.resumed).toBeGreaterThan(RESUMES / 4)
    expect(answers.refused).toBeGreaterThan(RESUMES / 20)
    // An answer may be cut off on its way.
    expect(found.recovered).toBeLessThanOrEqual(answers.resumed)
    expect(found.notRecovered).toBeLessThanOrEqual(answers.refused)
    expect(found.recovered + found.notRecovered).toBeGreaterThan(RESUMES / 2)
  },
)
