import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { INGEST_HEADERS, signingText } from '#schemas/ingest/signature'
import { LeaseRequestSchema } from '#schemas/ingest/lease'
import * as v from 'valibot'
import { LeaseModel } from './LeaseModel.ts'
import { ReceiverModel } from './ReceiverModel.ts'

const pair = generateKeyPairSync('ed25519')
/** A key for tests, made anew in every run. */
export const TEST_PRIVATE_JWK = JSON.stringify({
  ...pair.privateKey.export({ format: 'jwk' }),
  kid: 'test-bridge',
})

/** What the network or the server does to one request. */
export type Fault =
  | 'none'
  | 'lostRequest'
  | 'lostAnswer'
  | 'deliveredTwice'
  | 'internal'
  | 'overloaded'
  | 'rateLimited'
  | 'signatureExpired'
  | 'notOurs'
  | 'never'

export interface IngestServer {
  readonly url: string
  readonly symbols: Map<string, ReceiverModel>
  readonly leases: Map<string, LeaseModel>
  /** Signatures seen; a repeated one would be a replay. */
  readonly signatures: string[]
  readonly faults: Fault[]
  close(): Promise<void>
}

/**
 * A real HTTP server before a `ReceiverModel` and a `LeaseModel` per symbol. `nextFault` is asked once per batch;
 * requests for the lease meet no faults.
 */
export async function startIngestServer(
  nextFault: (symbol: string, request: number) => Fault = () => 'none',
  leaseTtlMs = 10_000,
): Promise<IngestServer> {
  const symbols = new Map<string, ReceiverModel>()
  const leases = new Map<string, LeaseModel>()
  const signatures: string[] = []
  const faults: Fault[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const [symbol = '', what] = request.url?.split('/').slice(3) ?? []
      const body = new Uint8Array(Buffer.concat(chunks))
      signatures.push(header(request, INGEST_HEADERS.signature))
      if (what === 'lease' && isSigned(request, body)) {
        const lease = leases.get(symbol) ?? new LeaseModel(leaseTtlMs, Date.now)
        leases.set(symbol, lease)
        answerLease(lease, body, response)
        return
      }
      const fault = isSigned(request, body) ? nextFault(symbol, faults.length + 1) : 'signatureExpired'
      faults.push(fault)
      const model = symbols.get(symbol) ?? new ReceiverModel()
      symbols.set(symbol, model)
      answer(fault, model, body, request, response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    symbols,
    leases,
    signatures,
    faults,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answerLease(lease: LeaseModel, body: Uint8Array, response: ServerResponse): void {
  const request = v.parse(v.pipe(v.string(), v.parseJson(), LeaseRequestSchema), Buffer.from(body).toString())
  const decided = lease.decide(request)
  response
    .writeHead(decided.ok ? 200 : 409, { 'content-type': 'application/json' })
    .end(JSON.stringify(decided))
}

function answer(
  fault: Fault,
  model: ReceiverModel,
  body: Uint8Array,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const send = (status: number, json: unknown, headers = {}) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(json))
  switch (fault) {
    case 'never':
      return
    case 'lostRequest':
      request.socket.destroy()
      return
    case 'lostAnswer':
      model.receive(body)
      request.socket.destroy()
      return
    case 'internal':
      send(500, { code: 'internal' })
      return
    case 'overloaded':
      send(503, { code: 'unavailable' }, { 'retry-after': '1' })
      return
    case 'rateLimited':
      send(429, { code: 'rate_limited' }, { 'retry-after': '2' })
      return
    case 'signatureExpired':
      send(401, { code: 'signature_expired', detail: 'too old' })
      return
    case 'notOurs':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in to the network</html>')
      return
    default: {
      if (fault === 'deliveredTwice') model.receive(body)
      const { status, body: json } = model.receive(body)
      send(status, json)
    }
  }
}

function isSigned(request: IncomingMessage, body: Uint8Array): boolean {
  const keyId = header(request, INGEST_HEADERS.keyId)
  const text = signingText({
    method: request.method ?? '',
    path: request.url ?? '',
    keyId,
    timestampMs: Number(header(request, INGEST_HEADERS.timestamp)),
    bodySha256Hex: createHash('sha256').update(body).digest('hex'),
  })
  const signature = Buffer.from(header(request, INGEST_HEADERS.signature), 'base64url')
  return (
    keyId === 'test-bridge' && verify(null, Buffer.from(text), createPublicKey(pair.privateKey), signature)
  )
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name]
  return typeof value === 'string' ? value : ''
}
