/**
 * A receiver of webhooks on Node: FLIPWIRE_WEBHOOK_SECRET=whsec_… node webhook.ts PORT. Several secrets, by a space, while you
 * change them. Prints each event once and answers 204; 400 to what is not ours.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { verifyWebhook } from '@flipwire/client'

const [port = '9000'] = process.argv.slice(2)
const secret = process.env['FLIPWIRE_WEBHOOK_SECRET']
if (secret === undefined) throw new Error('expected FLIPWIRE_WEBHOOK_SECRET, was none')
const secrets = secret.split(' ')
const MAX_BODY_BYTES = 100_000
// In production, where it outlives the process.
const seen = new Set<string>()

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request)
  if (body === null) return void response.writeHead(413).end()
  const message = await verifyWebhook({ secret: secrets, headers: request.headers, body })
  if (!message.ok) return void response.writeHead(400).end(message.detail)
  const { id, event } = message
  // Null: of a type that this version of the client does not know.
  if (event !== null && !seen.has(id)) {
    seen.add(id)
    if (event.type === 'level.crossed')
      console.log(event.data.symbol, 'is', event.data.side, event.data.level)
    else console.log(event.type, JSON.stringify(event.data))
  }
  response.writeHead(204).end()
}

/** As it came: parsed and written again it would not be the same bytes. Null when it is too long for one of ours. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    chunks.push(chunk)
    if ((bytes += chunk.length) > MAX_BODY_BYTES) return null
  }
  return Buffer.concat(chunks)
}

// Who hangs up half-way gets no answer.
const server = createServer(
  (request, response) => void receive(request, response).catch(() => response.destroy()),
)
server.listen(Number(port), '127.0.0.1', () => console.log('listening', server.address()))
