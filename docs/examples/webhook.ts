/** A receiver of webhooks: node webhook.ts PORT SECRET. Prints each event once and answers 204; 400 to what is not ours. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'

const TOLERANCE_SECONDS = 300

/** `body` as it came: parsed and written again it would not be the same bytes. */
function isSigned(secret: string, headers: IncomingHttpHeaders, body: Buffer): boolean {
  const [id, seconds, signatures] = ['id', 'timestamp', 'signature'].map((name) => headers[`webhook-${name}`])
  if (!(Math.abs(Date.now() / 1000 - Number(seconds)) <= TOLERANCE_SECONDS)) return false
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const digest = createHmac('sha256', key).update(`${id}.${seconds}.`).update(body).digest('base64')
  const expected = Buffer.from(`v1,${digest}`)
  return String(signatures)
    .split(' ')
    .map((given) => Buffer.from(given))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected))
}

const [port = '9000', secret = ''] = process.argv.slice(2)
// In production, where it outlives the process.
const seen = new Set<string>()

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  if (!isSigned(secret, request.headers, body)) return response.writeHead(400).end()
  const id = String(request.headers['webhook-id'])
  if (!seen.has(id)) {
    seen.add(id)
    const { type, data } = JSON.parse(body.toString())
    console.log(type, JSON.stringify(data))
  }
  response.writeHead(204).end()
})
server.listen(Number(port), '127.0.0.1', () => console.log('listening', server.address()))
