/**
 * Stands between a bridge and the Worker and writes down what passes. An answer counts as given once the Worker has
 * given it, whether or not the network behind lets the bridge hear it.
 */
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LeaseGrantedSchema } from '#schemas/ingest/lease'
import * as v from 'valibot'
import type { Ledger } from './ledger.ts'

const GrantSchema = v.pipe(v.string(), v.parseJson(), LeaseGrantedSchema)

/** While closed no post goes through; those on their way are answered first. */
export interface Gate {
  isClosed: boolean
}

export interface Witness {
  readonly port: number
  /** Epoch of the newest lease that the bridge behind this witness was granted; null before the first. */
  readonly grantedEpoch: () => number | null
  /** Posts handed to the Worker and not answered. */
  readonly inFlight: () => number
  close(): void
}

export async function startWitness(workerUrl: string, ledger: Ledger, gate: Gate): Promise<Witness> {
  const agent = new Agent({ keepAlive: true })
  let granted: number | null = null
  let inFlight = 0
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = await bodyOf(incoming)
    if (gate.isClosed) return void incoming.socket.destroy()
    const isLease = incoming.url?.endsWith('/lease') === true
    const posted = isLease ? null : ledger.posted(body)
    inFlight++
    try {
      const answer = await forward(agent, workerUrl, incoming, body)
      if (posted !== null) ledger.answered(posted, answer.status, answer.body)
      const grant = v.safeParse(GrantSchema, answer.body)
      if (isLease && grant.success && grant.output.ttlMs > 0) granted = grant.output.epoch
      outgoing.writeHead(answer.status, answer.headers).end(answer.body)
    } finally {
      inFlight--
    }
  }
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => incoming.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    grantedEpoch: () => granted,
    inFlight: () => inFlight,
    close() {
      server.closeAllConnections()
      server.close()
      agent.destroy()
    },
  }
}

interface Answer {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string
}

function forward(agent: Agent, workerUrl: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'POST', headers, url = '/' } = incoming
    const { 'transfer-encoding': _, ...kept } = headers
    const sent = request(
      new URL(url, workerUrl),
      { agent, method, headers: { ...kept, 'content-length': String(body.length) } },
      (response) => {
        bodyOf(response).then((bytes) => {
          const passed = ['content-type', 'retry-after'].flatMap((name) => {
            const value = response.headers[name]
            return typeof value === 'string' ? [[name, value] as const] : []
          })
          const status = response.statusCode ?? 502
          resolve({ status, headers: Object.fromEntries(passed), body: bytes.toString() })
        }, reject)
      },
    )
    sent.once('error', reject)
    sent.end(body)
  })
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
