/**
 * A local stand-in for Upstash: its REST protocol in front of a Redis server that already runs here.
 *
 *     node scripts/redisRest.ts --redis 127.0.0.1:6379 --port 8079 --token local
 *
 * Then set UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN in `.dev.vars` to the address and token it prints.
 */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { startRestFront } from './redis/restFront.ts'

const { values } = parseArgs({
  options: {
    redis: { type: 'string', default: '127.0.0.1:6379' },
    port: { type: 'string', default: '8079' },
    token: { type: 'string' },
  },
})
const [host = '', redisPort = ''] = values.redis.split(':')
const token = values.token ?? randomBytes(16).toString('base64url')
try {
  const redis = { host, port: Number(redisPort) }
  const { url } = await startRestFront({ redis, token, port: Number(values.port) })
  console.log(`UPSTASH_REDIS_REST_URL=${url}`)
  console.log(`UPSTASH_REDIS_REST_TOKEN=${token}`)
} catch (cause) {
  console.error(`expected a Redis server at ${values.redis} and port ${values.port} free: ${String(cause)}`)
  process.exit(1)
}
