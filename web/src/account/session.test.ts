import { describe, expect, test, vi } from 'vitest'
import type { SessionToken } from '#schemas/rest/accounts'
import { createSession, type SessionParts } from './session.ts'

function memory() {
  const values = new Map<string, string>()
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
    removeItem: (key: string) => void values.delete(key),
  }
}

const at = (ms: number): string => new Date(ms).toISOString()
const tokenUntil = (ms: number, token = 'first'): SessionToken => ({ token, tier: 'free', expiresAt: at(ms) })
const problem = (code: string, status: number) => ({
  type: '',
  title: '',
  status,
  detail: '',
  instance: '',
  code,
  requestId: '',
})

function world(answers: (() => Response)[], storage: SessionParts['storage'] = memory()) {
  const clock = { nowMs: 0 }
  const fetch = vi.fn<SessionParts['transport']['fetch']>(async () => {
    const answer = answers.shift()
    if (answer === undefined) throw new Error('no more answers')
    return answer()
  })
  const session = createSession({
    baseUrl: '',
    transport: { fetch, sleep: async () => {}, random: () => 0 },
    guest: async () => 'guest',
    storage,
    alone: (work) => work(),
    nowMs: () => clock.nowMs,
  })
  return { session, fetch, clock, storage }
}

describe('the session of this browser', () => {
  test('is a guest’s until somebody signs in, and asks for nothing', async () => {
    const { session, fetch } = world([])
    expect(await session.getToken()).toBe('guest')
    expect(fetch).not.toHaveBeenCalled()
  })

  test('uses its token until a minute before it ends, then exchanges it once for all who ask', async () => {
    const { session, fetch, clock } = world([() => Response.json(tokenUntil(1_800_000, 'second'))])
    session.begin(tokenUntil(900_000))
    clock.nowMs = 839_999
    expect(await session.getToken()).toBe('first')
    clock.nowMs = 840_000
    expect(await Promise.all([session.getToken(), session.getToken()])).toEqual(['second', 'second'])
    expect(fetch.mock.calls.map(([url, init]) => [url, init.method])).toEqual([['/v1/auth/refresh', 'POST']])
  })

  test('goes on after a reload', async () => {
    const storage = memory()
    world([], storage).session.begin(tokenUntil(900_000))
    const reloaded = world([() => Response.json(tokenUntil(900_000, 'fresh'))], storage)
    expect(reloaded.session.isSignedIn()).toBe(true)
    expect(await reloaded.session.getToken()).toBe('fresh')
  })

  test('is the other account’s when another tab has signed that in', async () => {
    const storage = memory()
    const { session, clock } = world([() => Response.json(tokenUntil(900_000, 'other account'))], storage)
    session.begin(tokenUntil(900_000))
    const tab = world([], storage)
    tab.clock.nowMs = 1
    tab.session.begin(tokenUntil(900_000, 'of the other tab'))
    clock.nowMs = 2
    expect(await session.getToken()).toBe('other account')
  })

  test('that was ended elsewhere leaves a guest, who is told', async () => {
    const refused = () => Response.json(problem('no_session', 401), { status: 401 })
    const { session } = world([refused])
    session.begin(tokenUntil(900_000))
    const changed = vi.fn<() => void>()
    session.onChange(changed)
    expect(await session.getToken({ renew: true })).toBe('guest')
    expect(session.isSignedIn()).toBe(false)
    expect(changed).toHaveBeenCalledOnce()
  })

  test('is not lost to a bad connection or a service that is down', async () => {
    const down = () => Response.json(problem('unavailable', 503), { status: 503 })
    const { session } = world([down, () => Response.json(tokenUntil(900_000, 'later'))])
    session.begin(tokenUntil(0))
    await expect(session.getToken()).rejects.toMatchObject({ code: 'unavailable' })
    expect(session.isSignedIn()).toBe(true)
    expect(await session.getToken()).toBe('later')
  })

  test('works for a visit where storage is forbidden', async () => {
    const forbid = () => {
      throw new Error('forbidden')
    }
    const { session } = world([], { getItem: forbid, setItem: forbid, removeItem: forbid })
    expect(session.isSignedIn()).toBe(false)
    session.begin(tokenUntil(900_000))
    expect(await session.getToken()).toBe('first')
    session.end()
    expect(await session.getToken()).toBe('guest')
  })
})
