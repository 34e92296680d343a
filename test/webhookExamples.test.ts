/** The receivers of docs/examples take what we sign and nothing else. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newSecret, signedHeaders } from '#durable-objects/webhooks/signature'

const secret = newSecret()
const message = { id: 'evt_test-1', body: '{"type":"webhook.test","data":{"webhook":"ü"}}' }
const hasPython = spawnSync('python3', ['--version']).status === 0

describe.each([
  ['TypeScript', process.execPath, ['--experimental-strip-types', 'docs/examples/webhook.ts'], true],
  ['Python', 'python3', ['docs/examples/webhook.py'], hasPython],
] as const)('the receiver in %s', (_, command, args, isThere) => {
  let child: ChildProcess
  let url = ''
  let printed = ''

  beforeAll(async () => {
    if (!isThere) return
    child = spawn(command, [...args, '0', secret], { stdio: ['ignore', 'pipe', 'ignore'] })
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

  async function post(changes: Record<string, string> = {}, body = message.body, nowMs = Date.now()) {
    const headers = await signedHeaders(message, [newSecret(), secret], nowMs)
    return (await fetch(url, { method: 'POST', headers: { ...headers, ...changes }, body })).status
  }

  it.skipIf(!isThere)('takes an event, prints it once, and refuses forgeries', async () => {
    expect([await post(), await post()]).toEqual([204, 204])
    expect(await post({}, message.body.replace('ü', 'u'))).toBe(400)
    expect(await post({ 'webhook-id': 'evt_test-2' })).toBe(400)
    expect(await post({ 'webhook-timestamp': 'NaN' })).toBe(400)
    expect(await post({ 'webhook-signature': 'v1,' })).toBe(400)
    expect(await post({}, message.body, Date.now() - 301_000)).toBe(400)
    const lines = () => printed.split('\n').filter((line) => line.startsWith('webhook.test'))
    await expect.poll(lines).toHaveLength(1)
  })
})
