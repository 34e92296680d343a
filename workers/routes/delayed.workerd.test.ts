/** What a tier with a delay gets of a live market, by every way there is to ask. */
import { env } from 'cloudflare:workers'
import { applyD1Migrations, runDurableObjectAlarm } from 'cloudflare:test'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { BatchHeader } from '#schemas/ingest/batch'
import { buildBatch } from '#schemas/ingest/build'
import { encodeBatch } from '#schemas/ingest/codec'
import type { ChainPage, SnapshotList } from '#schemas/rest/models'
import type { Tier } from '#schemas/tiers'
import type { Tick } from '#schemas/tick'
import { postBatch, problemOf, read, send, tokenFor } from '../testing/requests.ts'

/** A Friday, 10:30 in New York. */
const OPENED_MS = Date.UTC(2035, 10, 16, 15, 30)
const MINUTE_MS = 60_000
const SPOT = 6_000
const OLD_BID = 11.25
const NEW_BID = 22.75
/** Ten Fridays from the day on. */
const DATES = Array.from({ length: 10 }, (_, week) =>
  new Date(OPENED_MS + week * 7 * 24 * 60 * MINUTE_MS).toISOString().slice(0, 10),
)
const STRIKES = Array.from({ length: 131 }, (_, i) => SPOT + 5 * (i - 65))

const contracts: Tick[] = DATES.flatMap((expiryDate, e) =>
  STRIKES.map((strike, k) => ({
    kind: 'contract' as const,
    contractId: 1 + k + STRIKES.length * e,
    root: 'SPXW',
    expiryDate,
    strike,
    right: 'call' as const,
    multiplier: 100,
  })),
)

/** Every contract at this bid, and spot. */
function ticksAt(bid: number, eventMs: number): Tick[] {
  const quotes = contracts.map((_, i) => ({
    kind: 'quote' as const,
    contractId: i + 1,
    bid,
    ask: bid + 0.5,
    bidSize: 1,
    askSize: 1,
    eventMs,
    missing: 'none' as const,
  }))
  return [...quotes, { kind: 'underlying', price: SPOT, bid: null, ask: null, eventMs }]
}

async function post(header: Pick<BatchHeader, 'symbol' | 'feed' | 'sequence'>, ticks: Tick[]): Promise<void> {
  const about = { source: 'test', epoch: 1, createdMs: Date.now(), ...header }
  const response = await postBatch(header.symbol, encodeBatch(buildBatch(about, ticks)))
  if (!response.ok) throw new Error(await response.text())
}

/** In place of the one the object took of the opening. */
async function putSnapshot(symbol: string, id: string, asOfMs: number): Promise<void> {
  await env.DB.prepare(
    `INSERT OR REPLACE INTO snapshots (symbol, id, as_of_ms, kind, r2_key, bytes, spot, net_gex, nearest_flip)
     VALUES (?1, ?2, ?3, 'minute', 'some/key', 100, 6000, NULL, NULL)`,
  )
    .bind(symbol, id, asOfMs)
    .run()
}

const chainAs = (tier: Tier, query = '', headers = {}) => read(`/v1/chain/LATER${query}`, tier, headers)
const pageAs = async (tier: Tier, query = '') => (await chainAs(tier, query)).json<ChainPage>()

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  vi.useFakeTimers({ toFake: ['Date'], now: OPENED_MS })
  await post({ symbol: 'LATER', feed: 'live', sequence: 1 }, [...contracts, ...ticksAt(OLD_BID, OPENED_MS)])
  await post({ symbol: 'FILE', feed: 'recorded', sequence: 1 }, [
    ...contracts,
    ...ticksAt(OLD_BID, OPENED_MS),
  ])
})
afterAll(() => {
  vi.useRealTimers()
})

describe('before anything is old enough', () => {
  it('a caller is told from when there will be something, and who need not wait', async () => {
    const response = await chainAs('free')
    expect(response.headers.get('retry-after')).toBe('915')
    expect(await problemOf(response)).toMatchObject({
      status: 409,
      code: 'too_early',
      availableFrom: '2035-11-16T15:45:15.000Z',
      requiredTier: 'pro',
      upgradeUrl: '/?upgrade',
    })
    expect((await pageAs('pro')).data.delay).toBeNull()
  })
})

describe('a quarter of an hour later', () => {
  beforeAll(async () => {
    vi.setSystemTime(OPENED_MS + 15_000)
    await runDurableObjectAlarm(env.SYMBOL.getByName('LATER'))
    const nowMs = OPENED_MS + 16 * MINUTE_MS
    vi.setSystemTime(nowMs)
    await post({ symbol: 'LATER', feed: 'live', sequence: 2 }, ticksAt(NEW_BID, nowMs))
  })

  it.each([
    ['JSON', '', {}],
    ['columns', '?shape=columns', {}],
    ['CSV', '', { accept: 'text/csv' }],
    ['NDJSON', '', { accept: 'application/x-ndjson' }],
    ['another page', `?cursor=${encodeURIComponent('SPXW351116C05800000')}`, {}],
    ['one expiry', `?expiry=${DATES[1]}&right=call&limit=1000`, {}],
  ])('as %s there is nothing new in it', async (_, query, headers) => {
    const [free, paid] = [await chainAs('free', query, headers), await chainAs('pro', query, headers)]
    const [old, now] = [await free.text(), await paid.text()]
    expect([old.includes(String(OLD_BID)), old.includes(String(NEW_BID))]).toEqual([true, false])
    expect([now.includes(String(OLD_BID)), now.includes(String(NEW_BID))]).toEqual([false, true])
    expect(old).toContain('delayed')
    expect(now).not.toContain('"delayed"')
    expect(free.headers.get('cache-control')).toBe('private, max-age=1')
    expect(free.headers.get('etag')).not.toBe(paid.headers.get('etag'))
  })

  it('a tag of another tier is none of a caller’s own', async () => {
    const tags = { free: (await chainAs('free')).headers.get('etag') ?? '', pro: '' }
    tags.pro = (await chainAs('pro')).headers.get('etag') ?? ''
    const status = async (tier: Tier, tag: string) =>
      (await chainAs(tier, '', { 'if-none-match': tag })).status
    expect(await status('free', tags.free)).toBe(304)
    expect(await status('pro', tags.pro)).toBe(304)
    expect(await status('free', tags.pro)).toBe(200)
    expect(await status('pro', tags.free)).toBe(200)
  })

  it('HEAD tells no more than GET', async () => {
    const [head, get] = [await headAs('free'), await chainAs('free')]
    expect(head.headers.get('etag')).toBe(get.headers.get('etag'))
  })

  async function headAs(tier: Tier): Promise<Response> {
    return send('/v1/chain/LATER', {
      method: 'HEAD',
      headers: { authorization: `Bearer ${await tokenFor(tier)}` },
    })
  }
})

describe('the depth of a chain', () => {
  it.each(['LATER', 'FILE'])('of %s is what the tier has, and says what is left out', async (symbol) => {
    const { data } = await (await read(`/v1/chain/${symbol}?limit=1000`, 'free')).json<ChainPage>()
    expect(data.depth).toEqual({ expiries: 8, ofExpiries: 10, strikesEachSide: 50, requiredTier: 'pro' })
    expect(data.total).toBe(8 * 101)
    expect(data.rows).toHaveLength(data.total)
    expect([...new Set(data.rows.map(({ expiry }) => expiry.slice(0, 10)))]).toEqual(DATES.slice(0, 8))
    const strikes = data.rows.map(({ strike }) => strike)
    expect([Math.min(...strikes), Math.max(...strikes)]).toEqual([SPOT - 250, SPOT + 250])

    const paid = await (await read(`/v1/chain/${symbol}?limit=1`, 'pro')).json<ChainPage>()
    expect(paid.data).toMatchObject({ depth: null, total: 10 * 131 })
    // Their part of the same state: neither may take the other's copy for its own.
    const tags = [await read(`/v1/chain/${symbol}`, 'free'), await read(`/v1/chain/${symbol}`, 'pro')]
    expect(new Set(tags.map(({ headers }) => headers.get('etag'))).size).toBe(2)
  })

  it('ends no page and no filter beyond it', async () => {
    const seen: string[] = []
    let path: string | null = '/v1/chain/FILE?limit=300'
    while (path !== null) {
      // oxlint-disable-next-line no-await-in-loop -- each page names the next
      const response: Response = await read(path, 'free')
      // oxlint-disable-next-line no-await-in-loop
      const { data } = await response.json<ChainPage>()
      seen.push(...data.rows.map(({ contract }) => contract))
      path = /^<(.*)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1] ?? null
    }
    expect([seen.length, new Set(seen).size]).toEqual([8 * 101, 8 * 101])
    const beyond = await (await read(`/v1/chain/FILE?expiry=${DATES[9]}`, 'free')).json<ChainPage>()
    expect(beyond.data).toMatchObject({ total: 0, rows: [], depth: { requiredTier: 'pro' } })
    const past = await read('/v1/chain/FILE?limit=5&cursor=SPXW351116C06325000', 'free')
    const { data } = await past.json<ChainPage>()
    expect(data.rows[0]?.contract).toBe('SPXW351123C05750000')
  })
})

describe('snapshots of a live market', () => {
  const agoMs = (minutes: number) => OPENED_MS + (16 - minutes) * MINUTE_MS
  const idOf = (minutes: number) => `20351116T15${String(46 - minutes).padStart(2, '0')}00Z`

  beforeAll(async () => {
    for (const symbol of ['LATER', 'FILE'])
      for (const minutes of [0, 14, 15, 16])
        // oxlint-disable-next-line no-await-in-loop -- few
        await putSnapshot(symbol, idOf(minutes), agoMs(minutes))
  })

  it.each(['', '&shape=columns'])('are listed once they are old enough%s', async (shape) => {
    const idsAs = async (tier: Tier, symbol: string) => {
      const text = await (await read(`/v1/snapshots/${symbol}?limit=9${shape}`, tier)).text()
      return [...new Set(text.match(/\d{8}T\d{6}Z/g))]
    }
    expect(await idsAs('free', 'LATER')).toEqual([15, 16].map(idOf))
    expect(await idsAs('pro', 'LATER')).toEqual([0, 14, 15, 16].map(idOf))
    expect(await idsAs('free', 'FILE')).toEqual([0, 14, 15, 16].map(idOf))
  })

  it('end a page where a free caller’s list ends', async () => {
    const first = await (await read('/v1/snapshots/LATER?limit=1', 'free')).json<SnapshotList>()
    const second = await (
      await read(`/v1/snapshots/LATER?limit=1&cursor=${first.nextCursor}`, 'free')
    ).json<SnapshotList>()
    expect([first, second].map(({ data }) => data[0]?.id)).toEqual([15, 16].map(idOf))
    expect(second.nextCursor).toBeNull()
  })

  it('are read one by one by the same rule', async () => {
    const gzipped = new Response('{}').body?.pipeThrough(new CompressionStream('gzip'))
    await env.SNAPSHOTS.put('some/key', await new Response(gzipped).arrayBuffer())
    const early = await read(`/v1/snapshots/LATER/${idOf(14)}`, 'free')
    expect(early.headers.get('retry-after')).toBe('60')
    expect(await problemOf(early)).toMatchObject({
      code: 'too_early',
      availableFrom: '2035-11-16T15:47:00.000Z',
      requiredTier: 'pro',
    })
    const statuses = await Promise.all([
      read(`/v1/snapshots/LATER/${idOf(15)}`, 'free', { 'if-none-match': '"x"' }),
      read(`/v1/snapshots/LATER/${idOf(0)}`, 'pro'),
      read(`/v1/snapshots/FILE/${idOf(0)}`, 'free'),
      read(`/v1/snapshots/LATER/${idOf(44)}`, 'free'),
    ])
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200, 404])
    await Promise.all(statuses.map((response) => response.text()))
  })

  it('are not to be had by the tag of who may', async () => {
    const tag = (await read(`/v1/snapshots/LATER/${idOf(0)}`, 'pro')).headers.get('etag') ?? ''
    const response = await read(`/v1/snapshots/LATER/${idOf(0)}`, 'free', { 'if-none-match': tag })
    expect(response.status).toBe(409)
  })
})
