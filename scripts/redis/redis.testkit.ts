/** A real redis-server of this machine behind the REST front, and servers that behave badly in its place. */
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { RedisLink, type RedisAddress } from '#workers/storage/redis/redisLink'
import type { SharedRedis } from '#workers/storage/redis/chooseRedis'
import { startRestFront } from './restFront.ts'

const BINARY = '/usr/bin/redis-server'
export const hasRedis = existsSync(BINARY)
export const TOKEN = 'test-token'
/** Ample for a busy machine; what the budget does is tested apart. */
const PATIENT_MS = 20_000

export interface Running extends RedisAddress {
  close(): Promise<void>
}

export interface RunningRedis extends Running {
  /** As kill -9 does. */
  kill(): Promise<void>
}

/** `restPort`: 0 for any free one. */
export async function startRedis(restPort = 0): Promise<RunningRedis> {
  const port = await freePort()
  const server = await spawnRedis(port)
  const front = await startRestFront({ redis: { host: '127.0.0.1', port }, token: TOKEN, port: restPort })
  const kill = () =>
    new Promise<void>((resolve) => {
      if (server.exitCode !== null || server.signalCode !== null) return resolve()
      server.once('exit', () => resolve())
      server.kill('SIGKILL')
    })
  return {
    url: front.url,
    token: TOKEN,
    kill,
    close: async () => {
      await front.close()
      await kill()
    },
  }
}

/** In the place of Upstash: `answer` is the body of every answer, null for none at all. */
export async function startLiar(answer: string | null, status = 200): Promise<Running> {
  const server = createServer((_, response) => {
    if (answer !== null) response.writeHead(status, { 'content-type': 'application/json' }).end(answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: TOKEN,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Where nobody listens. */
export async function nobody(): Promise<RedisAddress> {
  return { url: `http://127.0.0.1:${await freePort()}`, token: TOKEN }
}

/** Each a link of its own, as in two locations. */
export function linksTo({ url, token }: RedisAddress, timeoutMs = PATIENT_MS): SharedRedis {
  const link = () => new RedisLink({ url, token, timeoutMs, onOpen: () => {} })
  return { waitedFor: link(), background: link() }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

/** Ready when it says so: no polling. */
function spawnRedis(port: number): Promise<ChildProcess> {
  const child = spawn(
    BINARY,
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)))
    child.stdout.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('Ready to accept connections')) resolve(child)
    })
  })
}
