/** Signing in with a code, and what somebody else could try. */
import { applyD1Migrations } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { codesTo, newEmail, receiveMail, Visitor } from '../accounts/visitor.workerd.testkit.ts'
import { problemOf } from '../testing/requests.ts'

beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS))

const MINUTE_MS = 60_000
let nowMs = 0
let email = ''
beforeEach(() => {
  nowMs = Date.now()
  email = newEmail()
  vi.spyOn(Date, 'now').mockImplementation(() => nowMs)
  receiveMail()
})
afterEach(() => vi.restoreAllMocks())

const ask = (visitor = new Visitor(), to = email) => visitor.post('/v1/auth/email', { email: to })
const verify = (code: string | undefined, visitor = new Visitor(), to = email) =>
  visitor.post('/v1/auth/email/verify', { email: to, code })
const newestCode = () => codesTo(email).at(-1) ?? ''
const wrong = (code: string) => `${code.slice(0, -1)}${(Number(code.at(-1)) + 1) % 10}`

/** All that a stranger gets to see of an answer; the id of a request names nothing else. */
async function seen(response: Response) {
  const { requestId: _, ...body } = (await response.json()) as Record<string, unknown>
  const headers = Object.fromEntries(response.headers)
  delete headers['x-request-id']
  return { status: response.status, headers, body }
}

describe('a code', () => {
  it('signs in, and makes the account the first time', async () => {
    const visitor = new Visitor()
    await visitor.signIn(email)
    const { sub, tier } = decodeJwt(visitor.token)
    expect(tier).toBe('free')
    const again = new Visitor()
    nowMs += MINUTE_MS
    await again.post('/v1/auth/email', { email: email.toUpperCase() })
    await again.post('/v1/auth/email/verify', { email: ` ${email} `, code: newestCode() })
    expect(decodeJwt(again.token).sub).toBe(sub)
  })

  it('is stored as a hash, as are the address and the network', async () => {
    const visitor = new Visitor()
    visitor.address = '198.51.100.51'
    await ask(visitor)
    const { results } = await env.DB.prepare('SELECT * FROM sign_in_codes').all()
    const stored = JSON.stringify(results)
    for (const secret of [email, newestCode(), '198.51.100']) expect(stored).not.toContain(secret)
  })

  it('sets a cookie that no script reads and no other site sends', async () => {
    await ask()
    const response = await verify(newestCode())
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-flipwire_refresh=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    )
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  it('is good once, also when it is shown many times at once', async () => {
    await ask()
    const answers = await Promise.all(Array.from({ length: 5 }, () => verify(newestCode())))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401])
  })

  it('is refused from the sixth try on, also the right one, also when all come at once', async () => {
    await ask()
    const guesses = Array.from({ length: 20 }, () => verify(wrong(newestCode())))
    for (const guess of guesses) expect((await problemOf(await guess)).code).toBe('invalid_code')
    expect((await problemOf(await verify(newestCode()))).code).toBe('invalid_code')
    const row = await env.DB.prepare(
      'SELECT MAX(tries) AS tries FROM sign_in_codes WHERE used_ms IS NULL',
    ).first()
    expect(row).toEqual({ tries: 5 })
  })

  it('is good at the fifth try', async () => {
    await ask()
    for (let i = 0; i < 4; i++) await verify(wrong(newestCode()))
    expect((await verify(newestCode())).status).toBe(200)
  })

  it('ends after ten minutes', async () => {
    await ask()
    nowMs += 10 * MINUTE_MS - 1
    const late = newestCode()
    await ask()
    nowMs += 1
    // A newer one took its place, and would be good.
    expect((await verify(late)).status).toBe(401)
    expect((await verify(newestCode())).status).toBe(200)
    await ask()
    nowMs += 10 * MINUTE_MS
    expect((await verify(newestCode())).status).toBe(401)
  })

  it('of one address opens no other', async () => {
    const other = newEmail()
    await ask()
    await ask(new Visitor(), other)
    expect((await verify(newestCode(), new Visitor(), other)).status).toBe(401)
  })

  it('is for our own pages: another origin, or none, may not sign its visitors in', async () => {
    await ask()
    for (const origin of ['https://evil.test', 'null', null]) {
      const visitor = new Visitor()
      visitor.origin = origin
      expect((await problemOf(await verify(newestCode(), visitor))).code).toBe('origin_not_allowed')
    }
    expect((await verify(newestCode())).status).toBe(200)
  })
})

describe('a stranger', () => {
  it('cannot tell whether an address has an account', async () => {
    await new Visitor().signIn(email)
    const unknown = newEmail()
    expect(await seen(await ask())).toEqual(await seen(await ask(new Visitor(), unknown)))
    const guess = '00000000'
    expect(await seen(await verify(guess))).toEqual(await seen(await verify(guess, new Visitor(), unknown)))
    // Neither where no code was ever sent.
    expect(await seen(await verify(guess))).toEqual(
      await seen(await verify(guess, new Visitor(), newEmail())),
    )
  })

  it('asks the same of the database for both', async () => {
    await new Visitor().signIn(email)
    const statements = async (to: string) => {
      const prepared = vi.spyOn(env.DB, 'prepare')
      await ask(new Visitor(), to)
      await verify('00000000', new Visitor(), to)
      const asked = prepared.mock.calls.map(([sql]) => sql)
      prepared.mockRestore()
      return asked
    }
    const known = await statements(email)
    expect(known.length).toBeGreaterThan(1)
    expect(await statements(newEmail())).toEqual(known)
  })

  it('gets five codes sent to an address in a quarter of an hour, at once or one by one', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => ask()))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(5)
    expect(codesTo(email)).toHaveLength(5)
    const refused = answers.find(({ ok }) => !ok)
    expect(refused?.headers.get('retry-after')).toBe('900')
    nowMs += 15 * MINUTE_MS - 1
    expect((await ask()).status).toBe(429)
    nowMs += 1
    expect((await ask()).status).toBe(200)
  })

  it('gets twenty an hour from one network, whatever the addresses', async () => {
    const visitor = new Visitor()
    visitor.address = '2001:db8:77::1'
    const asks = Array.from({ length: 25 }, () => ask(visitor, newEmail()))
    expect((await Promise.all(asks)).filter(({ ok }) => ok)).toHaveLength(20)
    const neighbour = new Visitor()
    neighbour.address = '2001:db8:77::2'
    expect((await ask(neighbour, newEmail())).status).toBe(429)
    nowMs += 60 * MINUTE_MS
    expect((await ask(neighbour, newEmail())).status).toBe(200)
  })

  it.each([{}, { email: 'x' }, { email: 'a@example.com\r\nBcc: b@example.com' }, { email: 5 }])(
    'is told what is wrong with %j',
    async (body) => {
      const response = await new Visitor().post('/v1/auth/email', body)
      expect(await problemOf(response)).toMatchObject({ code: 'invalid_body', errors: [{ field: '/email' }] })
    },
  )

  it('cannot choose a tier or an id', async () => {
    await ask()
    const body = { email, code: newestCode(), tier: 'partner', id: 'mine' }
    const response = await new Visitor().post('/v1/auth/email/verify', body)
    expect((await problemOf(response)).code).toBe('invalid_body')
  })
})

describe('a letter that cannot be sent', () => {
  it('is 503, and no log holds the code or the address', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    let letter = ''
    vi.mocked(fetch).mockImplementation(async (input, init) => {
      letter = await new Request(input, init).text()
      return new Response('no', { status: 500 })
    })
    expect((await problemOf(await ask())).code).toBe('unavailable')
    const said = log.mock.calls.flat().join()
    expect(said).toContain('expected the letter to be taken')
    const code = /\d{8}/.exec(letter)?.[0]
    expect(code).toBeDefined()
    for (const secret of [email, code]) expect(said).not.toContain(secret)
  })
})
