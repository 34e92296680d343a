import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Charge } from './contract.ts'
import { DAY_MS, MINUTE_MS } from './quota.ts'

/** Far ahead, so that no alarm rings by itself. */
const noonMs = Date.UTC(2046, 10, 20, 12)
const limits = { unitsPerMinute: 1_000, unitsPerDay: 1_000_000 }
const whole = { from: '2046-01-01', to: '2047-01-01', limit: 100 }

let nowMs = noonMs
beforeEach(() => {
  nowMs = noonMs
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
})
afterEach(() => vi.restoreAllMocks())

const account = (name: string) => env.ACCOUNT.getByName(name)

function call(
  id: string,
  units = 1,
  { address = 'a', route = 'GET /v1/levels/:symbol', keyId = '' } = {},
): Charge {
  return { id, address, lines: [{ route, keyId, calls: 1, units }] }
}

async function booked(name: string): Promise<{ calls: number; units: number }> {
  const lines = await account(name).readDaily(whole)
  return {
    calls: lines.reduce((sum, line) => sum + line.calls, 0),
    units: lines.reduce((sum, line) => sum + line.units, 0),
  }
}

describe('the ledger', () => {
  it('admits exactly 1,000 of 10,000 parallel calls, and books those', async () => {
    const ids = Array.from({ length: 10_000 }, (_, i) => `call-${i}`)
    const answers = await Promise.all(ids.map((id) => account('crowd').charge(call(id), limits)))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1_000)
    expect(await booked('crowd')).toEqual({ calls: 1_000, units: 1_000 })
  })

  it('decides in one turn what comes together, so that it is stored with one commit', async () => {
    const turns = vi.spyOn(scheduler, 'wait')
    const ids = Array.from({ length: 50 }, (_, i) => `call-${i}`)
    const answers = await runInDurableObject(account('together'), (object) =>
      Promise.all(ids.map((id) => object.charge(call(id), { ...limits, unitsPerMinute: 20 }))),
    )
    expect(answers.map(({ ok }) => ok)).toEqual(ids.map((_, i) => i < 20))
    expect(turns).toHaveBeenCalledTimes(1)
    expect(await booked('together')).toEqual({ calls: 20, units: 20 })
  })

  it('books a call once however often it is asked for, within bounds', async () => {
    const units: number[] = []
    for (let i = 0; i < 5; i++) {
      const answer = await account('repeats').charge(call('same', 2), limits)
      units.push(answer.ok ? answer.units : NaN)
    }
    expect(units).toEqual([2, 0, 0, 0, 2])
    nowMs += MINUTE_MS + 1
    expect(await account('repeats').charge(call('same', 2), limits)).toMatchObject({ units: 2 })
    expect(await booked('repeats')).toEqual({ calls: 3, units: 6 })
  })

  it('gives an account a hundred repeats, and then one for every ten calls it pays', async () => {
    let free = 0
    for (let i = 0; i < 150; i++) {
      await account('thrifty').charge(call(`call-${i}`), limits)
      const again = await account('thrifty').charge(call(`call-${i}`), limits)
      if (again.ok && again.units === 0) free++
    }
    // The 31 that were not free were paid, so 181 calls were: 100 and 18.1.
    expect(free).toBe(119)
  })

  it('takes one id for two addresses as two calls', async () => {
    await account('addresses').charge(call('same', 1, { address: 'a' }), limits)
    await account('addresses').charge(call('same', 1, { address: 'b' }), limits)
    expect(await booked('addresses')).toEqual({ calls: 2, units: 2 })
  })

  it('keeps quota, calls and sums through an eviction', async () => {
    const small = { unitsPerMinute: 3, unitsPerDay: 4 }
    const charge = async (id: string) => (await account('evicted').charge(call(id), small)).ok
    expect([await charge('1'), await charge('2')]).toEqual([true, true])
    await evictDurableObject(account('evicted'))
    expect([await charge('2'), await charge('3'), await charge('4')]).toEqual([true, true, false])
    nowMs += MINUTE_MS
    await evictDurableObject(account('evicted'))
    expect([await charge('5'), await charge('6')]).toEqual([true, false])
    expect(await booked('evicted')).toEqual({ calls: 4, units: 4 })
  })

  it('keeps in the quota what an id used up was paid for, through an eviction', async () => {
    const small = { unitsPerMinute: 2, unitsPerDay: 100 }
    for (let i = 0; i < 5; i++) await account('renamed').charge(call('same'), small)
    await evictDurableObject(account('renamed'))
    expect(await account('renamed').charge(call('other'), small)).toMatchObject({
      ok: false,
      exhausted: 'minute',
    })
  })

  it('books what was served already without asking for room, once', async () => {
    const small = { unitsPerMinute: 3, unitsPerDay: 10 }
    const batch: Charge = {
      id: 'batch',
      address: '',
      lines: [
        { route: 'a', keyId: '', calls: 4, units: 4 },
        { route: 'b', keyId: '', calls: 1, units: 2 },
      ],
    }
    const standing = await account('batched').record(batch, small)
    expect(standing).toMatchObject({ minute: { remaining: 0 }, day: { remaining: 4 } })
    await account('batched').record(batch, small)
    expect(await booked('batched')).toEqual({ calls: 5, units: 6 })
  })

  it('writes one row of a call, and its sum when it is read, when a minute is over or after an eviction', async () => {
    const sums = (name: string) =>
      runInDurableObject(account(name), (_, { storage }) =>
        storage.sql.exec('SELECT calls, units FROM daily').toArray(),
      )
    for (const name of ['read', 'later', 'slept']) {
      await account(name).charge(call('1', 2), limits)
      await account(name).charge(call('2', 3), limits)
      expect(await sums(name)).toEqual([])
    }
    await booked('read')
    await evictDurableObject(account('slept'))
    await account('slept').charge(call('2', 3), limits)
    for (const name of ['read', 'slept']) expect(await sums(name)).toEqual([{ calls: 2, units: 5 }])
    nowMs += MINUTE_MS
    await account('later').charge(call('3'), limits)
    expect(await sums('later')).toEqual([{ calls: 2, units: 5 }])
    for (const name of ['read', 'slept', 'later']) {
      const last = name === 'later' ? { calls: 3, units: 6 } : { calls: 2, units: 5 }
      expect(await booked(name)).toEqual(last)
      expect(await booked(name)).toEqual(last)
    }
  })

  it('counts for the quota of a key what it was charged before it had one', async () => {
    const charge = (id: string, quota?: number) =>
      account('keyed').charge(
        { ...call(id, 1, { keyId: 'k' }), ...(quota === undefined ? {} : { keyUnitsPerDay: quota }) },
        limits,
      )
    await charge('1')
    await charge('2')
    expect(await charge('3', 3)).toMatchObject({ ok: true, keyDay: { remaining: 0 } })
    expect(await charge('4', 3)).toMatchObject({ ok: false, exhausted: 'day' })
    expect(await booked('keyed')).toEqual({ calls: 3, units: 3 })
  })

  it('takes over the calls of a version that wrote each sum with its call', async () => {
    const small = { unitsPerMinute: 3, unitsPerDay: 100 }
    await runInDurableObject(account('old'), (_, { storage: { sql } }) => {
      sql.exec(`CREATE TABLE recent (id TEXT, address TEXT, atMs INTEGER, units INTEGER, repeats INTEGER)`)
      sql.exec(`INSERT INTO recent VALUES ('1', 'a', ?, 2, 0)`, nowMs)
      sql.exec(`CREATE TABLE daily (day TEXT, route TEXT, keyId TEXT, calls INTEGER, units INTEGER,
        PRIMARY KEY (day, route, keyId)) WITHOUT ROWID`)
      sql.exec(`INSERT INTO daily VALUES ('2046-11-20', 'r', '', 1, 2)`)
    })
    expect(await account('old').charge(call('1', 2), small)).toMatchObject({ ok: true, units: 0 })
    expect(await account('old').charge(call('2', 2), small)).toMatchObject({ ok: false })
    expect(await account('old').charge(call('3', 1), small)).toMatchObject({ ok: true })
    expect(await booked('old')).toEqual({ calls: 2, units: 3 })
  })

  it('is read in pages, newest day first', async () => {
    for (const [day, route] of [
      [0, 'b'],
      [0, 'a'],
      [1, 'a'],
      [2, 'a'],
    ] as const) {
      nowMs = noonMs + day * DAY_MS
      await account('pages').charge(call(`${day}${route}`, 1, { route }), limits)
    }
    const read: string[] = []
    let before: { day: string; route: string; keyId: string } | undefined
    for (let page = 0; page < 10; page++) {
      const query = { ...whole, limit: 1, ...(before === undefined ? {} : { before }) }
      const [line] = await account('pages').readDaily(query)
      if (line === undefined) break
      read.push(`${line.day} ${line.route}`)
      before = line
    }
    expect(read).toEqual(['2046-11-22 a', '2046-11-21 a', '2046-11-20 a', '2046-11-20 b'])
  })

  it('keeps one row per day and route, and no calls of minutes ago', async () => {
    for (let i = 0; i < 300; i++) await account('compact').charge(call(String(i)), limits)
    nowMs += 5 * MINUTE_MS
    await account('compact').charge(call('last'), limits)
    const rows = await runInDurableObject(account('compact'), (_, { storage }) =>
      ['calls', 'daily'].map((table) => storage.sql.exec(`SELECT COUNT(*) AS n FROM ${table}`).one()['n']),
    )
    expect(rows).toEqual([1, 1])
    expect(await booked('compact')).toEqual({ calls: 301, units: 301 })
  })
})

describe('what is kept', () => {
  const tables = (name: string) =>
    runInDurableObject(account(name), (_, { storage }) =>
      storage.sql
        .exec("SELECT name FROM sqlite_master WHERE name IN ('calls', 'daily', 'added', 'answers')")
        .toArray(),
    )

  it.each([
    ['an-account', 35],
    ['guest:1', 2],
  ])('of %s goes after %i days, and then everything', async (name, days) => {
    await account(name).charge(call('1'), limits)
    await account(name).beginAnswer('hash', 'print')
    nowMs += days * DAY_MS
    expect(await runDurableObjectAlarm(account(name))).toBe(true)
    expect(await booked(name)).toEqual({ calls: 1, units: 1 })
    nowMs += DAY_MS
    expect(await runDurableObjectAlarm(account(name))).toBe(true)
    expect(await tables(name)).toEqual([])
    expect(await runDurableObjectAlarm(account(name))).toBe(false)
    expect(await account(name).charge(call('2'), limits)).toMatchObject({ ok: true, units: 1 })
  })
})

describe('an Idempotency-Key', () => {
  it('lets the first through, holds a second back, and then answers as the first', async () => {
    const object = account('posts')
    const begun = await Promise.all(Array.from({ length: 5 }, () => object.beginAnswer('hash', 'print')))
    expect(begun.map(({ kind }) => kind).sort()).toEqual(['busy', 'busy', 'busy', 'busy', 'first'])
    await object.finishAnswer('hash', 'the answer')
    await evictDurableObject(object)
    expect(await object.beginAnswer('hash', 'print')).toEqual({ kind: 'answered', answer: 'the answer' })
    expect(await object.beginAnswer('hash', 'other')).toEqual({ kind: 'mismatch' })
    nowMs += DAY_MS
    expect(await object.beginAnswer('hash', 'other')).toEqual({ kind: 'first' })
  })

  it('may be used again when the first came to nothing, or was never heard of again', async () => {
    const object = account('failed-posts')
    await object.beginAnswer('hash', 'print')
    await object.finishAnswer('hash', null)
    expect((await object.beginAnswer('hash', 'print')).kind).toBe('first')
    nowMs += MINUTE_MS
    expect((await object.beginAnswer('hash', 'print')).kind).toBe('first')
  })
})
