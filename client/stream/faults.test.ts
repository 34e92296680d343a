/** The whole client against a server that keeps to the protocol, over a line that breaks in every way. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GammaFrame } from '#schemas/frame/gamma'
import { fakeNetwork } from './fakeNetwork.testkit.ts'
import { fakeServer, type Fault } from './fakeServer.testkit.ts'
import { isNewer } from './framePosition.ts'
import { openStream } from './openStream.ts'

type Action =
  | { readonly do: 'publish'; readonly frames: number }
  | { readonly do: 'fault'; readonly fault: Fault }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'cut'; readonly code: number }
  | { readonly do: 'restart' | 'mute' | 'down' | 'up' | 'nudge' }

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('publish' as const), frames: fc.integer({ min: 1, max: 12 }) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      fault: fc.constantFrom<Fault>('drop', 'double', 'swap'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 40_000 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('cut' as const), code: fc.constantFrom(1006, 1012, 4401, 4408) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('restart', 'mute', 'down', 'up', 'nudge') }) },
)

async function play(actions: readonly Action[], encoding: 'json' | 'binary') {
  const server = fakeServer({ window: 6, credit: 8 })
  const network = fakeNetwork({ onConnect: server.connect, onSend: server.receive })
  const shown: GammaFrame[] = []
  const stream = openStream({
    url: async () => 'wss://x/ws/v1',
    encoding,
    environment: network.environment,
    onStatus: () => {},
  })
  stream.subscribe('SPX', { onFrame: (frame) => shown.push(frame) })
  const run = (ms: number) => network.advance(ms, () => server.deliver())
  await run(0)
  for (const step of actions) {
    if (step.do === 'publish') for (let n = 0; n < step.frames; n++) server.publish()
    else if (step.do === 'fault') server.nextFault(step.fault)
    else if (step.do === 'cut') server.cut(step.code)
    else if (step.do === 'restart') server.restart()
    else if (step.do === 'mute') server.mute()
    else if (step.do === 'nudge') network.wakeUp('visible')
    else if (step.do !== 'wait') server.setDown(step.do === 'down')
    await run(step.do === 'wait' ? step.ms : 0)
  }
  return { server, network, stream, shown, run }
}

test('any loss, doubling, reordering or cut ends with the server’s frame, and nothing shown ever goes back', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { maxLength: 40 }),
      fc.constantFrom('json' as const, 'binary' as const),
      async (actions, encoding) => {
        const { server, network, stream, shown, run } = await play(actions, encoding)
        server.heal()
        stream.retry()
        await run(60_000)
        // Somebody looks at the page: the server is asked where it stands.
        network.wakeUp('visible')
        await run(30_000)
        expect(shown.at(-1)).toEqual(server.newest())
        expect(shown.every((frame, i) => i === 0 || isNewer(frame, shown[i - 1] ?? null))).toBe(true)
        expect(stream.counts.bad).toBe(0)
      },
    ),
    { numRuns: Number(process.env['STREAM_FAULT_RUNS'] ?? 150) },
  )
})
