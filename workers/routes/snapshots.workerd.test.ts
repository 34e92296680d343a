import { env } from 'cloudflare:workers'
import { applyD1Migrations } from 'cloudflare:test'
import * as v from 'valibot'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { SnapshotListSchema } from '#schemas/rest/models'
import { problemOf, read, seedSymbol } from '../testing/requests.ts'

const content = { frame: { netGex: 99.6 }, levels: [6500], expiries: [] }
const idOf = (minute: number) => `20261120T14${String(minute).padStart(2, '0')}00Z`

async function gzip(text: string): Promise<ArrayBuffer> {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer()
}

async function insertRow(symbol: string, minute: number, r2Key: string): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO snapshots (symbol, id, as_of_ms, kind, r2_key, bytes, spot, net_gex, nearest_flip)
     VALUES (?1, ?2, ?3, 'minute', ?4, 100, 6485.5, NULL, 6435.25)`,
  )
    .bind(symbol, idOf(minute), Date.UTC(2026, 10, 20, 14, minute), r2Key)
    .run()
}

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  for (const symbol of ['SNAP', 'OTHER']) await seedSymbol(symbol)
  await env.SNAPSHOTS.put('some/key', await gzip(JSON.stringify(content)))
  for (let minute = 0; minute < 5; minute++) await insertRow('SNAP', minute, 'some/key')
  await insertRow('OTHER', 0, 'some/key')
  await insertRow('SNAP', 59, 'lost/key')
})

describe('the list of snapshots', () => {
  it('is newest first and of one symbol', async () => {
    const { data, nextCursor } = v.parse(SnapshotListSchema, await (await read('/v1/snapshots/SNAP')).json())
    expect(data.map(({ id }) => id)).toEqual([59, 4, 3, 2, 1, 0].map(idOf))
    expect(nextCursor).toBeNull()
    expect(data[1]).toEqual({
      id: idOf(4),
      symbol: 'SNAP',
      asOf: '2026-11-20T14:04:00.000Z',
      kind: 'minute',
      bytes: 100,
      spotPrice: 6485.5,
      netGex: null,
      nearestFlip: 6435.25,
    })
  })

  it('comes in pages linked by a cursor', async () => {
    const ids: string[] = []
    let path: string | null = '/v1/snapshots/SNAP?limit=4'
    let pages = 0
    for (; path !== null && pages < 5; pages++) {
      const response: Response = await read(path)
      const page = v.parse(SnapshotListSchema, await response.json())
      ids.push(...page.data.map(({ id }) => id))
      path = /^<(.*)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1] ?? null
      expect(path?.includes(page.nextCursor ?? '-') ?? true).toBe(true)
    }
    expect(pages).toBe(2)
    expect(ids).toEqual([59, 4, 3, 2, 1, 0].map(idOf))
  })

  it.each(['limit=0', 'limit=x', 'cursor=!', 'cursor=JyBPUiAxPTE', 'cursor='])(
    'refuses %s',
    async (query) => {
      const problem = await problemOf(await read(`/v1/snapshots/SNAP?${query}`))
      expect(problem).toMatchObject({ code: 'invalid_parameter', errors: [{ field: query.split('=')[0] }] })
    },
  )
})

describe('one snapshot', () => {
  it('is read back as plain JSON that may be kept for good', async () => {
    const response = await read(`/v1/snapshots/SNAP/${idOf(2)}`)
    expect(await response.json()).toEqual(content)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
    expect(response.headers.get('vary')).toBe('Authorization, X-API-Key')
    const etag = response.headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[0-9a-f]+"$/)
    const again = await read(`/v1/snapshots/SNAP/${idOf(2)}`, 'pro', { 'if-none-match': etag })
    expect(again.status).toBe(304)
  })

  it.each([
    ['if-match', ','],
    ['if-match', '"nothing"'],
    ['if-none-match', '"'],
    ['if-none-match', 'W/"x", "y"'],
    ['if-unmodified-since', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ])('is read as if %s: %s were not there', async (name, value) => {
    const response = await read(`/v1/snapshots/SNAP/${idOf(2)}`, 'pro', { [name]: value })
    expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body: content })
  })

  it.each([idOf(30), 'nothing', "'%20OR%201=1", '..%2F..%2Fsome%2Fkey', 'a'.repeat(41)])(
    'is 404 for the id %s',
    async (id) => {
      expect((await problemOf(await read(`/v1/snapshots/SNAP/${id}`))).code).toBe('unknown_snapshot')
    },
  )

  it('of another symbol is not found', async () => {
    expect((await problemOf(await read(`/v1/snapshots/OTHER/${idOf(2)}`))).code).toBe('unknown_snapshot')
  })

  describe('whose object is lost', () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    afterAll(() => log.mockRestore())

    it('is 503, not a wrong 404', async () => {
      expect((await problemOf(await read(`/v1/snapshots/SNAP/${idOf(59)}`))).code).toBe('unavailable')
    })
  })
})
