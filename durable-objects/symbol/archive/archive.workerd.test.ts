import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as v from 'valibot'
import { describe, expect, it, vi } from 'vitest'
import { SnapshotSchema } from '#schemas/snapshot'
import { encoded, NOW_MS, SPOT, underlying } from '../testkit.ts'
import { RETRY_MS } from '../jobs.ts'
import { countRows, holdClock, opened, post, runAlarmAt } from '../workerd.testkit.ts'

holdClock()

describe('the archive', () => {
  const rowsOf = async (table: 'snapshots' | 'symbols', symbol: string) =>
    (await env.DB.prepare(`SELECT * FROM ${table} WHERE symbol = ?`).bind(symbol).all()).results

  it('registers the symbol within a second', async () => {
    const { symbol, stub } = await opened('synthetic')
    await runAlarmAt(stub, NOW_MS + 500)
    expect(await rowsOf('symbols', symbol)).toEqual([
      {
        symbol,
        name: symbol,
        currency: 'USD',
        feed: 'synthetic',
        source: 'test',
        first_seen_ms: NOW_MS,
        last_seen_ms: NOW_MS,
        as_of_ms: NOW_MS,
      },
    ])
  })

  it('writes one snapshot and its row, and nothing new when it runs again', async () => {
    const { symbol, stub } = await opened('synthetic')
    await runAlarmAt(stub, NOW_MS + 10_000)
    const id = '20351116T153000Z'
    const key = `gamma/v1/${symbol}/2035-11-16/${id}.json.gz`
    const [row, ...others] = await rowsOf('snapshots', symbol)
    expect(others).toEqual([])
    expect(row).toMatchObject({ id, kind: 'minute', r2_key: key, as_of_ms: NOW_MS, spot: SPOT })
    const object = await env.SNAPSHOTS.get(key)
    expect(object?.size).toBe(row?.['bytes'])
    const text = await new Response(object?.body.pipeThrough(new DecompressionStream('gzip'))).json()
    expect(v.parse(SnapshotSchema, text).frame).toMatchObject({ symbol, asOfMs: NOW_MS })

    const before = object?.uploaded
    await runInDurableObject(stub, (instance) => instance.alarm())
    vi.setSystemTime(NOW_MS + 200_000)
    await runInDurableObject(stub, (instance) => instance.alarm())
    expect(await rowsOf('snapshots', symbol)).toEqual([row])
    expect((await env.SNAPSHOTS.head(key))?.uploaded).toEqual(before)
  })

  it('takes one more per minute of market time while something changes', async () => {
    const { symbol, stub, feed } = await opened('synthetic')
    await runAlarmAt(stub, NOW_MS + 10_000)
    for (const minute of [1, 2]) {
      const eventMs = NOW_MS + minute * 60_000
      vi.setSystemTime(eventMs)
      // oxlint-disable no-await-in-loop -- time passes in order
      await post(stub, encoded({ symbol, feed, sequence: 1 + minute }, [underlying(SPOT + minute, eventMs)]))
      await runAlarmAt(stub, eventMs + 60_000)
      // oxlint-enable no-await-in-loop
    }
    expect((await rowsOf('snapshots', symbol)).map(({ id }) => id)).toEqual([
      '20351116T153000Z',
      '20351116T153100Z',
      '20351116T153200Z',
    ])
  })

  it('marks the close of a live session once, also when the feed stops with it', async () => {
    const { symbol, stub } = await opened('live')
    const closeMs = Date.UTC(2035, 10, 16, 21, 15)
    vi.setSystemTime(closeMs - 1_000)
    const last = encoded({ symbol, sequence: 2, createdMs: closeMs - 1_000 }, [
      underlying(SPOT, closeMs - 1_000),
    ])
    await post(stub, last)
    await runAlarmAt(stub, closeMs + 60_000)
    await runInDurableObject(stub, (instance) => instance.alarm())
    vi.setSystemTime(closeMs + 3_600_000)
    await runInDurableObject(stub, (instance) => instance.alarm())
    const kinds = (await rowsOf('snapshots', symbol)).map(({ id, kind }) => [id, kind])
    expect(kinds.filter(([, kind]) => kind === 'close')).toEqual([['20351116T211459Z', 'close']])
  })

  it('keeps what storage refuses and delivers it later, one object and one row', async () => {
    const { symbol, stub } = await opened('synthetic')
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    const put = vi.spyOn(env.SNAPSHOTS, 'put').mockRejectedValue(new Error('R2 is down'))
    const prepare = vi.spyOn(env.DB, 'prepare').mockImplementation(() => {
      throw new Error('D1 is down')
    })
    await runAlarmAt(stub, NOW_MS + 20_000)
    expect(logged.mock.calls.flat().join()).toMatch(/D1 is down.*R2 is down/)
    expect(await countRows(stub, 'outbox')).toBe(1)
    const againMs = await runInDurableObject(stub, (_, { storage }) => storage.getAlarm())
    expect(againMs).toBe(NOW_MS + 20_000 + RETRY_MS)
    put.mockRestore()
    prepare.mockRestore()
    await evictDurableObject(stub)
    await runAlarmAt(stub, NOW_MS + 100_000)
    expect(await rowsOf('snapshots', symbol)).toHaveLength(1)
    expect(await rowsOf('symbols', symbol)).toHaveLength(1)
    expect(await countRows(stub, 'outbox')).toBe(0)
  })
})
