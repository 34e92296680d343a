/** The client's stream on real processes: viewers that are cut again and again see what one sees who is not. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { StreamEnvironment } from '#client/stream/environment'
import { openStream, type Stream } from '#client/stream/openStream'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Child } from '#scripts/local/processes'
import type { WorkerdServer } from '#scripts/rig/workerdServer'
import type { Tier } from '#schemas/tiers'
import { bridgeTo, eventually, startBareWorker } from '../harness.ts'

const SYMBOLS = ['SPX', 'NVDA'] as const
const CUTS = 8
/** Of one who gets a frame a second, and so takes longer. */
const SLOW_CUTS = 3

interface Viewer {
  readonly frames: Record<string, GammaFrame[]>
  readonly resumed: boolean[]
  readonly stream: Stream
  /** Ends the socket under the client, which then comes back at once. */
  cut(): void
}

function openViewer(server: WorkerdServer, tier: Tier, encoding: 'json' | 'binary'): Viewer {
  let socket: WebSocket | null = null
  const environment: StreamEnvironment = {
    openSocket: (address, protocol, handlers) => {
      const opened = new WebSocket(address, protocol)
      opened.binaryType = 'arraybuffer'
      opened.addEventListener('message', ({ data }) => handlers.message(data))
      opened.addEventListener('close', ({ code }) => handlers.closed(code))
      socket = opened
      return { send: (text) => opened.send(text), close: () => opened.close() }
    },
    setTimer: (run, delayMs) => {
      const timer = setTimeout(run, delayMs)
      return () => clearTimeout(timer)
    },
    nowMs: () => Date.now(),
    random: Math.random,
    onWakeUp: () => () => {},
  }
  const stream = openStream({
    url: async () => `${server.url.replace('http', 'ws')}/ws/v1?token=${await server.token(tier)}`,
    encoding,
    environment,
    onStatus: () => {},
  })
  const frames: Record<string, GammaFrame[]> = {}
  const resumed: boolean[] = []
  for (const symbol of SYMBOLS) {
    const heard: GammaFrame[] = []
    frames[symbol] = heard
    stream.subscribe(symbol, {
      onFrame: (frame) => void heard.push(frame),
      onResumed: (recovered) => void resumed.push(recovered),
    })
  }
  const cut = () => {
    socket?.addEventListener('close', () => stream.retry())
    socket?.close()
  }
  return { frames, resumed, stream, cut }
}

const of = (viewer: Viewer, symbol: string) => viewer.frames[symbol] ?? []
const fewest = (viewer: Viewer) => Math.min(...SYMBOLS.map((symbol) => of(viewer, symbol).length))
const until = (isSo: () => boolean) => eventually(async () => isSo() || null)

describe('the stream of a running service', () => {
  let server: WorkerdServer
  let bridge: Child
  const viewers: Viewer[] = []

  beforeAll(async () => {
    server = await startBareWorker()
    bridge = bridgeTo(server, ['--feed', 'synthetic', '--symbols', SYMBOLS.join(','), '--seed', '5'])
    await eventually(async () => {
      const headers = { authorization: `Bearer ${await server.token('guest')}` }
      const answers = SYMBOLS.map((symbol) => fetch(`${server.url}/v1/levels/${symbol}`, { headers }))
      return (await Promise.all(answers)).every(({ ok }) => ok) || null
    })
  })
  afterAll(async () => {
    for (const { stream } of viewers) stream.close()
    await bridge?.kill()
    await server?.remove()
  })

  test('is caught up after every cut, and told apart when the service lost its memory', async () => {
    const steady = openViewer(server, 'pro', 'json')
    const shaken = openViewer(server, 'pro', 'binary')
    const slow = openViewer(server, 'guest', 'binary')
    viewers.push(steady, shaken, slow)
    await until(() => viewers.every((viewer) => fewest(viewer) > 2))
    for (let cut = 1; cut <= CUTS; cut++) {
      const before = fewest(shaken)
      const cutNow = cut <= SLOW_CUTS ? [shaken, slow] : [shaken]
      for (const viewer of cutNow) viewer.cut()
      await until(() => cutNow.every(({ resumed }) => resumed.length === cut * SYMBOLS.length))
      await until(() => fewest(shaken) > before + 1)
    }
    for (const symbol of SYMBOLS) {
      const reference = new Map(of(steady, symbol).map((frame) => [frame.sequence, frame]))
      for (const { frames, resumed } of [shaken, slow]) {
        expect(new Set(resumed)).toEqual(new Set([true]))
        const heard = frames[symbol] ?? []
        expect(heard.slice(1).map(({ previous }) => previous)).toEqual(
          heard.slice(0, -1).map(({ sequence }) => sequence),
        )
        const shared = heard.filter(({ sequence }) => reference.has(sequence))
        expect(shared.length).toBeGreaterThan(3)
        expect(shared).toEqual(
          shared.map(({ sequence, previous }) => ({ ...reference.get(sequence), previous })),
        )
      }
      expect(of(shaken, symbol).map(({ sequence, previous }) => sequence - previous)).toEqual(
        of(shaken, symbol).map(() => 1),
      )
      expect(of(slow, symbol).length).toBeLessThan(of(shaken, symbol).length)
    }

    const epoch = of(steady, 'SPX').at(-1)?.epoch ?? 0
    await server.kill()
    await server.start()
    for (const { stream } of viewers) stream.retry()
    await until(() => viewers.every((viewer) => (of(viewer, 'SPX').at(-1)?.epoch ?? 0) > epoch))
    expect(steady.resumed).toContain(false)
    expect(viewers.map(({ stream }) => stream.counts.bad)).toEqual([0, 0, 0])
  })
})
