import { describe, expect, it } from 'vitest'
import type { SymbolStatus } from '../pipeline/symbolStatus.ts'
import { startHealthServer } from './healthServer.ts'
import { createReport } from './report.ts'

const STATUS: SymbolStatus = {
  symbol: 'SPX',
  source: 'synthetic',
  feed: 'synthetic',
  phase: 'streaming',
  ticksReceived: 500,
  ticksJournaled: 450,
  ticksSuperseded: 40,
  ticksHeld: 10,
  batchesUnacknowledged: 2,
  batchesAccepted: 7,
  duplicates: 0,
  ticksFlagged: 0,
  retries: 1,
  lastFailure: 'ECONNREFUSED',
  feedFailure: null,
  position: { epoch: 1_763_000_000_000, sequence: 7 },
}

function linesOf(format: 'text' | 'json'): string[] {
  const lines: string[] = []
  const report = createReport(
    format,
    (line) => lines.push(line),
    () => Date.UTC(2026, 10, 20),
  )
  report.event('SPX', { level: 'warn', event: 'retrying', detail: 'HTTP 503' })
  report.status([STATUS])
  return lines
}

describe('createReport', () => {
  it('writes one readable line', () => {
    expect(linesOf('text')).toEqual([
      '2026-11-20T00:00:00.000Z WARN SPX retrying: HTTP 503',
      '2026-11-20T00:00:00.000Z SPX streaming in 500 out 450 conflated 40 queue 2 at 1763000000000/7 ' +
        'retrying after ECONNREFUSED',
    ])
  })

  it('writes one JSON object per line', () => {
    const [event, status] = linesOf('json').map((line) => JSON.parse(line) as unknown)
    expect(event).toEqual({
      time: '2026-11-20T00:00:00.000Z',
      symbol: 'SPX',
      level: 'warn',
      event: 'retrying',
      detail: 'HTTP 503',
    })
    expect(status).toMatchObject({ event: 'status', symbols: [STATUS] })
  })
})

describe('startHealthServer', () => {
  it('is healthy until a symbol has stopped or its feed keeps failing', async () => {
    let status = STATUS
    const health = await startHealthServer(0, () => [status])
    const url = `http://127.0.0.1:${health.port}`
    const good = await fetch(`${url}/health`)
    expect([good.status, await good.json()]).toEqual([200, { healthy: true, symbols: [STATUS] }])
    status = { ...STATUS, phase: 'stopped' }
    expect((await fetch(`${url}/health`)).status).toBe(503)
    status = { ...STATUS, feedFailure: { inARow: 2, detail: 'hung up' } }
    expect((await fetch(`${url}/health`)).status).toBe(200)
    status = { ...STATUS, feedFailure: { inARow: 3, detail: 'hung up' } }
    expect((await fetch(`${url}/health`)).status).toBe(503)
    expect((await fetch(`${url}/metrics`)).status).toBe(404)
    health.close()
  })
})
