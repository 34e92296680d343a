import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startIngestServer, TEST_PRIVATE_JWK, type IngestServer } from './testing/ingestServer.ts'
import { temporaryDirectory } from './testing/temporaryDirectory.ts'

const ROOT = join(import.meta.dirname, '..')
const RUN = [
  '--feed',
  'synthetic',
  '--symbols',
  'NVDA,NIFTY',
  '--start',
  '2026-11-20T15:30:00Z',
  '--seed',
  '6',
]

const PATIENCE = { timeout: 60_000, interval: 50 }

const servers: IngestServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serve(...faults: Parameters<typeof startIngestServer>): Promise<IngestServer> {
  const server = await startIngestServer(...faults)
  servers.push(server)
  return server
}

function startBridge(
  args: readonly string[],
  environment = { INGEST_PRIVATE_JWK: TEST_PRIVATE_JWK },
): ChildProcess {
  return spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(ROOT, 'bridge/main.ts'), ...args],
    {
      cwd: ROOT,
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
}

async function finish(child: ChildProcess): Promise<{ code: number | null; stderr: string }> {
  const chunks: string[] = []
  child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, stderr: chunks.join('') }
}

describe('the bridge program', () => {
  it(
    'killed again and again, leaves the receiver exactly as if it had never been',
    { timeout: 240_000 },
    async () => {
      const length = ['--ticks', '80', '--speed', '40']
      const calm = await serve()
      const undisturbed = startBridge([
        ...RUN,
        ...length,
        '--to',
        calm.url,
        '--journal',
        temporaryDirectory(),
      ])
      expect(await finish(undisturbed)).toMatchObject({ code: 0 })

      let bridge: ChildProcess | null = null
      const killedAt = new Set([2, 7, 11, 16, 20])
      let kills = 0
      const rough = await serve((_, request) => {
        if (!killedAt.has(request)) return 'none'
        kills += bridge?.kill('SIGKILL') === true ? 1 : 0
        // Half of the kills leave the bridge without the answer to a batch that was applied.
        return request % 2 === 0 ? 'lostAnswer' : 'none'
      })
      const journal = temporaryDirectory()
      let lives = 0
      for (let code: number | null = null; code === null; lives++) {
        bridge = startBridge([...RUN, ...length, '--to', rough.url, '--journal', journal])
        code = (await finish(bridge)).code
        expect(code === null || code === 0).toBe(true)
      }
      // How many batches a life needs depends on the machine's pace, so the last kills may not come up.
      expect(kills).toBeGreaterThanOrEqual(2)
      expect(lives).toBe(kills + 1)
      for (const symbol of ['NVDA', 'NIFTY']) {
        const receiver = rough.symbols.get(symbol)
        expect(receiver?.prints.length).toBeGreaterThan(0)
        expect(receiver?.hash()).toBe(calm.symbols.get(symbol)?.hash())
        expect(new Set(receiver?.applied).size).toBe(receiver?.applied.length)
      }
    },
  )

  it(
    'of two on one symbol lets one stream, takes over from a frozen and from a killed one, and never mixes epochs',
    { timeout: 240_000 },
    async () => {
      // Long enough that a busy machine renews in time.
      const server = await serve(undefined, 3_000)
      const start = () => {
        const args = ['--symbols', 'NVDA', '--step-ms', '50', '--to', server.url]
        const child = startBridge([...args, '--journal', temporaryDirectory()])
        const chunks: string[] = []
        child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()))
        return { child, said: () => chunks.join('') }
      }
      const applied = () => server.symbols.get('NVDA')?.applied ?? []
      const streamsUnder = async (epoch: number) => {
        const batches = () => applied().filter((at) => at.startsWith(`${epoch}/`)).length
        await expect.poll(batches, PATIENCE).toBeGreaterThan(3)
      }
      const [first, second] = [start(), start()]
      await streamsUnder(1)
      await expect.poll(() => first.said() + second.said(), PATIENCE).toContain('standby: held by')
      const [active, standby] = second.said().includes('standby') ? [first, second] : [second, first]

      active.child.kill('SIGSTOP')
      await streamsUnder(2)
      active.child.kill('SIGCONT')
      await expect.poll(() => active.said(), PATIENCE).toContain('taken_over')
      await expect.poll(() => active.said(), PATIENCE).toContain('standby: held by')
      standby.child.kill('SIGKILL')
      await streamsUnder(3)
      active.child.kill('SIGTERM')
      await once(active.child, 'close')
      expect(active.child.exitCode).toBe(0)
      expect(server.leases.get('NVDA')?.holder).toBeNull()

      const places = applied().map((at) => at.split('/').map(Number) as [epoch: number, sequence: number])
      const inOrder = [...places].sort(([a, i], [b, j]) => a - b || i - j)
      expect(places).toEqual(inOrder)
      expect(new Set(applied()).size).toBe(places.length)
    },
  )

  it('stops with exit code 1 and one loud line when its key is not known', { timeout: 60_000 }, async () => {
    const server = await serve()
    const stranger = TEST_PRIVATE_JWK.replace('test-bridge', 'stranger')
    const args = [...RUN, '--ticks', '5', '--to', server.url, '--journal', temporaryDirectory()]
    const { code, stderr } = await finish(startBridge(args, { INGEST_PRIVATE_JWK: stranger }))
    expect(code).toBe(1)
    expect(stderr).toMatch(/ERROR NVDA stopped: refused as signature_expired/)
  })

  it.each([
    [['--feed', 'chain'], 2, '--feed chain needs --file PATH'],
    [['--symbols', 'spx'], 2, '"spx" is not a symbol'],
    [['--symbols', 'QQQ'], 1, 'the synthetic market has SPX, SPY, NVDA, NIFTY; "QQQ" is not among them'],
    [['--feed', 'chain', '--file', 'package.json'], 1, 'package.json: expected'],
  ])('answers %j with exit code %i and a reason', { timeout: 60_000 }, async (args, expected, reason) => {
    const { code, stderr } = await finish(startBridge([...args, '--journal', temporaryDirectory()]))
    expect(code).toBe(expected)
    expect(stderr).toContain(reason)
  })
})
