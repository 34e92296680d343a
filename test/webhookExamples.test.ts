/** The receivers of docs/examples take what we sign and nothing else. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { metaOf } from '#durable-objects/symbol/views/restViews'
import { watchLevels } from '#durable-objects/webhooks/levelEvents'
import { newSecret, signedHeaders } from '#durable-objects/webhooks/signature'
import type { GammaFrame } from '#schemas/frame/gamma'
import { SAMPLE_FRAME } from '#schemas/frame/sample'
import { WebhookEventSchema, type WebhookEvent } from '#schemas/webhookEvents'
import { bundled } from '#scripts/bench/engine/bundle'
import { projectRoot } from '#scripts/local/paths'

const EXAMPLES = join(projectRoot, 'docs/examples')
const hasPython = spawnSync('python3', ['--version']).status === 0

const PYTHON_ENV = {
  ...process.env,
  PYTHONPATH: join(projectRoot, 'client/python'),
  PYTHONDONTWRITEBYTECODE: '1',
}

/** In the place of Workers, Deno or Bun, which run an app by themselves. */
const SERVE = `
import { createServer } from 'node:http'
import app from './webhook-hono.ts'
const server = createServer(async (request, response) => {
  const { url, method, headers } = request
  const init = { method, headers, body: request, duplex: 'half' }
  const answer = await app.fetch(new Request('http://localhost/flipwire', init), process.env)
  response.writeHead(answer.status).end(await answer.text())
})
server.listen(0, '127.0.0.1', () => console.log('listening', server.address()))
`

const secret = newSecret()
const data = { key: 'a', name: 'ü', successor: 'b', endsAt: '2026-11-21T12:00:00.000Z' }
const ROTATED = JSON.stringify({ type: 'key.rotated', timestamp: '2026-11-20T12:00:00.000Z', data })

/** As the symbol's object makes it. */
function crossed(): WebhookEvent {
  const quality: GammaFrame['quality'] = { ...SAMPLE_FRAME.quality, freshness: 'fresh', flags: [] }
  const calm = { ...SAMPLE_FRAME, quality, callWall: 6_700, putWall: 6_300 }
  const { seen } = watchLevels({}, { ...calm, spotPrice: 6_650 }, metaOf)
  const later = { asOfMs: calm.asOfMs + 60_000, publishedMs: calm.publishedMs + 60_000 }
  const { events } = watchLevels(seen, { ...calm, ...later, spotPrice: 6_750, callWall: 6_800 }, metaOf)
  const event = events.find(({ type }) => type === 'level.crossed')
  if (event === undefined) throw new Error('expected a wall to be crossed')
  return event
}

/** What a receiver has installed. */
const project = mkdtempSync(join(tmpdir(), 'flipwire-receiver-'))
beforeAll(async () => {
  const client = join(project, 'node_modules/@flipwire/client')
  mkdirSync(client, { recursive: true })
  writeFileSync(
    join(client, 'package.json'),
    '{"name":"@flipwire/client","type":"module","exports":"./index.js"}',
  )
  writeFileSync(join(client, 'index.js'), await bundled(join(projectRoot, 'client/index.ts'), 'node'))
  symlinkSync(join(projectRoot, 'node_modules/hono'), join(project, 'node_modules/hono'))
  writeFileSync(join(project, 'package.json'), '{"type":"module"}')
  writeFileSync(join(project, 'serve.mjs'), SERVE)
  for (const name of ['webhook.ts', 'webhook-hono.ts'])
    copyFileSync(join(EXAMPLES, name), join(project, name))
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

const NODE = [process.execPath, '--experimental-strip-types']

describe.each([
  { of: 'Node', command: [...NODE, 'webhook.ts', '0'], isThere: true, knowsRepeats: true },
  { of: 'Hono', command: [...NODE, 'serve.mjs'], isThere: true, knowsRepeats: false },
  {
    of: 'Python',
    command: ['python3', join(EXAMPLES, 'webhook.py'), '0'],
    isThere: hasPython,
    knowsRepeats: true,
  },
])('the receiver in $of', ({ command: [name = '', ...args], isThere, knowsRepeats }) => {
  let child: ChildProcess
  let url = ''
  let printed = ''

  beforeAll(async () => {
    if (!isThere) return
    const env = { ...PYTHON_ENV, FLIPWIRE_WEBHOOK_SECRET: secret }
    child = spawn(name, args, { cwd: project, env, stdio: ['ignore', 'pipe', 'ignore'] })
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', () => reject(new Error('expected a receiver, has ended')))
      child.stdout?.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
        const port = /listening.*?(?:port: |', )(\d+)/s.exec(printed)?.[1]
        if (port === undefined) return
        url = `http://127.0.0.1:${port}/`
        resolve()
      })
    })
  })
  afterAll(() => void child?.kill())

  async function post(id: string, signed: string, changes: Record<string, string> = {}, sent = signed) {
    const headers = await signedHeaders({ id, body: signed }, [newSecret(), secret], Date.now())
    return (await fetch(url, { method: 'POST', headers: { ...headers, ...changes }, body: sent })).status
  }
  const lines = (start: string) => printed.split('\n').filter((line) => line.startsWith(start))

  it.skipIf(!isThere)('takes events, and prints each', async () => {
    expect([await post('evt_1', ROTATED), await post('evt_1', ROTATED)]).toEqual([204, 204])
    expect(await post('evt_2', JSON.stringify(crossed()))).toBe(204)
    await expect.poll(() => lines('SPX is above callWall')).toHaveLength(1)
    expect(lines('key.rotated')).toHaveLength(knowsRepeats ? 1 : 2)
  })

  it.skipIf(!isThere)('takes an event of a type it does not know', async () => {
    expect(await post('evt_3', '{"type":"key.expired","timestamp":"","data":{}}')).toBe(204)
  })

  it.skipIf(!isThere)('refuses forgeries and what is too long', async () => {
    expect(await post('evt_4', ROTATED, {}, ROTATED.replace('ü', 'u'))).toBe(400)
    expect(await post('evt_4', ROTATED, { 'webhook-id': 'evt_5' })).toBe(400)
    expect(await post('evt_4', ROTATED, { 'webhook-timestamp': 'NaN' })).toBe(400)
    expect(
      await post('evt_4', ROTATED, { 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 301) }),
    ).toBe(400)
    expect(await post('evt_4', ROTATED, { 'webhook-signature': 'v1,' })).toBe(400)
    expect((await fetch(url, { method: 'POST', body: ROTATED })).status).toBe(400)
    expect(await post('evt_4', JSON.stringify({ data: 'x'.repeat(100_001) }))).toBe(413)
  })

  it.skipIf(!isThere)('goes on when a sender hangs up half-way', async () => {
    await new Promise<void>((resolve) => {
      const cut = request(url, { method: 'POST', headers: { 'content-length': 100 } })
      cut.once('error', () => resolve())
      cut.once('socket', (socket) =>
        socket.once('connect', () => cut.write('half', () => cut.destroy(new Error('cut')))),
      )
    })
    expect(await post('evt_6', ROTATED)).toBe(204)
  })
})

it.skipIf(!hasPython)('the types of the Python client are those of the events', () => {
  const program = `import json; from flipwire.webhooks import EVENTS
print(json.dumps({name: sorted(kind.__annotations__) for name, kind in EVENTS.items()}))`
  const { stdout } = spawnSync('python3', ['-c', program], { env: PYTHON_ENV, encoding: 'utf8' })
  const types = WebhookEventSchema.options.map(
    ({ entries }) => [entries.type.literal, Object.keys(entries.data.entries).sort()] as const,
  )
  expect(JSON.parse(stdout)).toEqual(Object.fromEntries(types))
})
