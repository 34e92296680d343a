import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isFailing } from '../pipeline/redial.ts'
import type { SymbolStatus } from '../pipeline/symbolStatus.ts'

export interface HealthServer {
  readonly port: number
  close(): void
}

/** `GET /health`: 200 while every symbol is on its way, 503 once one has stopped or its feed fails again and again. Loopback only: it says who we feed. */
export async function startHealthServer(
  port: number,
  statuses: () => readonly SymbolStatus[],
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url !== '/health') {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"GET /health only"}')
      return
    }
    const symbols = statuses()
    const healthy = symbols.every(({ phase, feedFailure }) => phase !== 'stopped' && !isFailing(feedFailure))
    response
      .writeHead(healthy ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(JSON.stringify({ healthy, symbols }))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const { port: bound } = server.address() as AddressInfo
  return { port: bound, close: () => server.close() }
}
