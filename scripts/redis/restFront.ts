/**
 * Upstash's REST protocol (https://upstash.com/docs/redis/features/restapi) in front of an ordinary Redis server:
 * POST `/` runs one command, `/pipeline` several, `/multi-exec` several as one transaction.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as v from 'valibot'
import { connectRedis, type RedisConnection } from './connection.ts'
import type { RedisReply } from './resp.ts'

export interface RestFrontOptions {
  readonly redis: { readonly host: string; readonly port: number }
  /** What clients must send as bearer token. */
  readonly token: string
  /** 0 for any free port. */
  readonly port: number
}

export interface RestFront {
  readonly url: string
  close(): Promise<void>
}

const MAX_BODY_BYTES = 2 * 1024 * 1024
const CommandSchema = v.pipe(v.array(v.union([v.string(), v.number(), v.boolean()])), v.minLength(1))
const CommandsSchema = v.array(CommandSchema)
/** These change the connection that all callers share, or never come back. */
const REFUSED = new Set(
  'AUTH BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN CLIENT DISCARD EXEC HELLO MONITOR MULTI PSUBSCRIBE QUIT RESET SELECT SHUTDOWN SSUBSCRIBE SUBSCRIBE SYNC UNWATCH WAIT WATCH'.split(
    ' ',
  ),
)

/** A refusal with its HTTP status; `message` is what Upstash clients show. */
class RestError extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export async function startRestFront({ redis, token, port }: RestFrontOptions): Promise<RestFront> {
  const connection = await connectRedis(redis)
  const server = createServer((request, response) => {
    answer(connection, token, request).then(
      (body) => send(response, 200, body),
      (cause: unknown) => {
        const status = cause instanceof RestError ? cause.status : 503
        send(response, status, { error: cause instanceof Error ? cause.message : String(cause) })
      },
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        connection.close()
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

async function answer(
  connection: RedisConnection,
  token: string,
  request: IncomingMessage,
): Promise<unknown> {
  if (request.method !== 'POST') throw new RestError(405, 'expected POST')
  if (!sameText(request.headers.authorization ?? '', `Bearer ${token}`))
    throw new RestError(401, 'Unauthorized')
  const body = parseJson(await readBody(request))
  const encode = request.headers['upstash-encoding'] === 'base64' ? base64 : plain
  const path = (request.url ?? '/').replace(/\?.*$/, '').replace(/(.)\/$/, '$1')
  switch (path) {
    case '/': {
      const [reply] = await connection.send([command(body)])
      if (reply?.type === 'error') throw new RestError(400, reply.message)
      return result(reply, encode)
    }
    case '/pipeline':
      return (await connection.send(commands(body))).map((reply) => result(reply, encode))
    case '/multi-exec':
      return transaction(connection, commands(body), encode)
    default:
      throw new RestError(404, `expected /, /pipeline or /multi-exec, was ${path}`)
  }
}

async function transaction(
  connection: RedisConnection,
  list: readonly string[][],
  encode: Encode,
): Promise<unknown> {
  const replies = await connection.send([['MULTI'], ...list, ['EXEC']])
  const executed = replies.at(-1)
  if (executed?.type === 'array') return executed.items.map((reply) => result(reply, encode))
  const refused = replies.find((reply) => reply.type === 'error')
  throw new RestError(400, refused?.type === 'error' ? refused.message : 'the transaction was discarded')
}

type Encode = (reply: RedisReply) => unknown

function result(reply: RedisReply | undefined, encode: Encode): unknown {
  if (reply === undefined) throw new RestError(503, 'no reply')
  return reply.type === 'error' ? { error: reply.message } : { result: encode(reply) }
}

function plain(reply: RedisReply): unknown {
  switch (reply.type) {
    case 'null':
      return null
    case 'integer':
      return reply.value
    case 'status':
      return reply.text
    case 'bulk':
      return reply.bytes.toString('utf8')
    case 'array':
      return reply.items.map(plain)
    case 'error':
      return reply.message
  }
}

/** Every string in base64, but for the status OK, which the client compares as it is. */
function base64(reply: RedisReply): unknown {
  if (reply.type === 'bulk') return reply.bytes.toString('base64')
  if (reply.type === 'array') return reply.items.map(base64)
  if (reply.type === 'status' && reply.text !== 'OK') return Buffer.from(reply.text).toString('base64')
  return plain(reply)
}

function command(body: unknown): string[] {
  const parsed = v.safeParse(CommandSchema, body)
  if (!parsed.success) throw new RestError(400, 'expected a command: a JSON array of strings and numbers')
  const parts = parsed.output.map(String)
  const name = (parts[0] ?? '').toUpperCase()
  if (REFUSED.has(name)) throw new RestError(400, `ERR ${name} is not available over REST`)
  return parts
}

function commands(body: unknown): string[][] {
  const parsed = v.safeParse(CommandsSchema, body)
  if (!parsed.success) throw new RestError(400, 'expected commands: a JSON array of arrays')
  return parsed.output.map(command)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > MAX_BODY_BYTES) throw new RestError(413, `expected at most ${MAX_BODY_BYTES} bytes`)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new RestError(400, 'expected JSON')
  }
}

/** Equal length by hashing, then in constant time. */
function sameText(a: string, b: string): boolean {
  return timingSafeEqual(sha256(a), sha256(b))
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
