import { evictDurableObject, listDurableObjectIds } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { WINDOW_LIFE_MS } from '#schemas/rest/windows'
import { windowsOf } from './windowsClient.ts'

const nowMs = Date.UTC(2026, 10, 20, 12)
const chart = { kind: 'exposure', symbol: 'SPX' }

describe('windows of an account', () => {
  it.each([5, 25])('opened a hundred at once are exactly %i, twenty times', async (limit) => {
    for (let round = 0; round < 20; round++) {
      // By clients of their own, as tabs and devices are.
      const opens = Array.from({ length: 100 }, (_, i) =>
        windowsOf(env.WINDOWS, `crowd-${limit}-${round}`).open({ ...chart, id: `w${i}` }, limit, nowMs),
      )
      const answers = await Promise.all(opens)
      expect(answers.filter(({ ok }) => ok)).toHaveLength(limit)
      expect(await windowsOf(env.WINDOWS, `crowd-${limit}-${round}`).list(nowMs)).toHaveLength(limit)
    }
  })

  it('survive an eviction, and end all the same', async () => {
    const windows = windowsOf(env.WINDOWS, 'evicted')
    for (const id of ['a', 'b', 'c']) await windows.open({ ...chart, id }, 3, nowMs)
    await windows.close('c', nowMs)
    await windows.renew('b', nowMs + 30_000)
    await evictDurableObject(env.WINDOWS.getByName('account:evicted'))
    expect((await windows.list(nowMs + 30_000)).map(({ id }) => id)).toEqual(['a', 'b'])
    expect(await windows.open({ ...chart, id: 'd' }, 2, nowMs + 59_999)).toMatchObject({ ok: false })
    expect(await windows.open({ ...chart, id: 'd' }, 2, nowMs + WINDOW_LIFE_MS)).toMatchObject({ ok: true })
    await evictDurableObject(env.WINDOWS.getByName('account:evicted'))
    expect((await windows.list(nowMs + WINDOW_LIFE_MS)).map(({ id }) => id)).toEqual(['b', 'd'])
  })

  it.each([
    ['like an object id', 'f'.repeat(64)],
    ['beyond ASCII', 'Zoë 𝄞'],
    ['like an escape', '%'],
    ['like a property', '__proto__'],
    ['not well-formed', '\ud800'],
  ])('of a subject that is %s are apart from every other', async (_, subject) => {
    const before = (await listDurableObjectIds(env.WINDOWS)).length
    await windowsOf(env.WINDOWS, subject).open({ ...chart, id: 'a' }, 5, nowMs)
    expect(await windowsOf(env.WINDOWS, subject).list(nowMs)).toMatchObject([{ id: 'a', ...chart }])
    expect((await listDurableObjectIds(env.WINDOWS)).length).toBe(before + 1)
  })
})
