import { env } from 'cloudflare:workers'
import { applyD1Migrations } from 'cloudflare:test'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ChainPage, Strikes } from '#schemas/rest/models'
import { problemOf, read, seedSymbol } from '../testing/requests.ts'
import { GUARDED_CALLS } from '../testing/routes.ts'

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('TABLE')
  await env.DB.prepare(
    `INSERT INTO symbols (symbol, name, currency, feed, source, first_seen_ms, last_seen_ms)
     VALUES ('QUOTED', 'Say "hi", twice', 'USD', 'live', 'test', 0, 0)`,
  ).run()
})

const TABLES = ['/v1/chain/TABLE', '/v1/exposure/TABLE/strikes', '/v1/snapshots/TABLE', '/v1/symbols']
const csv = (path: string) => read(path, 'pro', { accept: 'text/csv' })

/** Enough for cells without line breaks. */
function cellsOf(text: string): string[][] {
  return text
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','))
}

describe('a table', () => {
  it.each(TABLES)('%s has rows or columns of the same cells', async (path) => {
    const rows = tableOf(await (await read(path)).json(), 'rows') as Record<string, unknown>[]
    const columns = tableOf(await (await read(`${path}?shape=columns`)).json(), 'columns')
    for (const [name, cells] of Object.entries(columns)) expect(cells).toEqual(rows.map((row) => row[name]))
    expect(Object.keys(columns)).toEqual(expect.arrayContaining(Object.keys(rows[0] ?? {})))
  })

  it.each(TABLES)('%s is refused in another shape by name', async (path) => {
    const problem = await problemOf(await read(`${path}?shape=cube`))
    expect(problem).toMatchObject({ status: 400, errors: [{ field: 'shape' }] })
  })

  it.each(TABLES)('%s is a file of its own entity in each form', async (path) => {
    const answers = await Promise.all([
      read(path),
      csv(path),
      read(path, 'pro', { accept: 'application/x-ndjson' }),
      read(path, 'pro', { accept: 'image/png, */*;q=0.1' }),
    ])
    expect(answers.map((answer) => answer.headers.get('content-type'))).toEqual([
      'application/json',
      'text/csv; charset=utf-8',
      'application/x-ndjson; charset=utf-8',
      'application/json',
    ])
    expect(new Set(answers.map((answer) => answer.headers.get('vary')))).toEqual(
      new Set(['Authorization, X-API-Key, Accept']),
    )
    const etags = answers.slice(0, 3).map((answer) => answer.headers.get('etag'))
    expect(new Set(etags).size).toBe(3)
  })

  it('as CSV says with each row what it is of, and null as an empty cell', async () => {
    const { data } = await (await read('/v1/chain/TABLE')).json<ChainPage>()
    const [names = [], ...rows] = cellsOf(await (await csv('/v1/chain/TABLE')).text())
    expect(names.slice(0, 5)).toEqual(['symbol', 'asOf', 'feed', 'freshness', 'contract'])
    expect(rows.map((row) => row[names.indexOf('contract')])).toEqual(data.rows.map((row) => row.contract))
    expect(rows.map((row) => row[names.indexOf('feed')])).toEqual(data.rows.map(() => 'synthetic'))
    const unquoted = data.rows.findIndex((row) => row.bid === null)
    expect(rows[unquoted]?.[names.indexOf('bid')]).toBe('')
  })

  it('as NDJSON is a row per line', async () => {
    const { data } = await (await read('/v1/exposure/TABLE/strikes')).json<Strikes>()
    const text = await (
      await read('/v1/exposure/TABLE/strikes', 'pro', { accept: 'application/x-ndjson' })
    ).text()
    const lines = text.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject(data.rows)
  })

  it('as CSV quotes what it has to', async () => {
    const text = await (await csv('/v1/symbols')).text()
    expect(text).toContain('QUOTED,"Say ""hi"", twice",USD,live,test,1970-01-01T00:00:00.000Z\r\n')
  })

  it('as CSV still links the next page', async () => {
    const link = (await csv('/v1/chain/TABLE?limit=1&right=put')).headers.get('link')
    const next = /^<(.*)>; rel="next"$/.exec(link ?? '')?.[1] ?? ''
    expect(next).toContain('right=put')
    expect(cellsOf(await (await csv(next)).text())).toHaveLength(2)
  })

  /** Under `data`, of a list that is the table itself. */
  function tableOf(body: unknown, shape: string): object {
    const { data } = body as { data: Record<string, object> }
    return data[shape] ?? data
  }
})

describe('a past instant', () => {
  const views = GUARDED_CALLS.filter(
    ({ pattern, isSocket }) => /:symbol/.test(pattern) && !isSocket && !pattern.includes('snapshots'),
  )

  it.each(views)('of $pattern is not to be had yet, and says so', async ({ path }) => {
    const problem = await problemOf(await read(`${path('TABLE')}?at=2026-11-20T14:30:00Z`))
    expect(problem).toMatchObject({ status: 501, code: 'history_not_available' })
  })

  it.each([
    'yesterday',
    '2026-11-20',
    '2026-02-30T10:00:00Z',
    '2026-11-20T24:00:00Z',
    '2999-01-01T00:00:00Z',
    '',
  ])('is no %j', async (at) => {
    const problem = await problemOf(await read(`/v1/levels/TABLE?at=${at}`))
    expect(problem).toMatchObject({ status: 400, code: 'invalid_parameter', errors: [{ field: 'at' }] })
  })
})
