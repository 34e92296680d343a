import { expect, test } from 'vitest'
import { connect } from '../index.ts'

const REFUSAL = {
  type: 'urn:flipwire:problem:upgrade_required',
  title: 'This needs a higher tier',
  status: 403,
  detail: 'exposure of live data of SPX needs the tier pro, was free',
  instance: '/v1/exposure/SPX',
  code: 'upgrade_required',
  requestId: 'r-1',
}

function connected(status: number, body: unknown) {
  const authorizations: (string | null)[] = []
  const flipwire = connect('https://f', {
    apiKey: 'key',
    transport: {
      fetch: async (_, init) => {
        authorizations.push(new Headers(init.headers).get('authorization'))
        return Response.json(body, { status })
      },
    },
  })
  return { flipwire, authorizations }
}

test('an answer is a value, asked for with the key', async () => {
  const { flipwire, authorizations } = connected(200, { data: [] })
  expect(await flipwire.symbols()).toEqual({ ok: true, value: { data: [] } })
  expect(authorizations).toEqual(['Bearer key'])
})

test('what needs a higher tier says which and where to get it', async () => {
  const { flipwire } = connected(403, { ...REFUSAL, requiredTier: 'pro', upgradeUrl: '/?upgrade' })
  expect(await flipwire.exposure('SPX')).toEqual({
    ok: false,
    problem: { ...REFUSAL, requiredTier: 'pro', upgradeUrl: '/?upgrade' },
    upgrade: { requiredTier: 'pro', upgradeUrl: '/?upgrade' },
  })
})

test('any other refusal has no upgrade', async () => {
  const { flipwire } = connected(404, { ...REFUSAL, status: 404, code: 'unknown_symbol' })
  expect(await flipwire.levels('NONE')).toMatchObject({
    ok: false,
    upgrade: null,
    problem: { code: 'unknown_symbol' },
  })
})

test('a mistake of the program is thrown, not answered', async () => {
  const { flipwire } = connected(200, {})
  await expect(flipwire.levels(Symbol('no text') as unknown as string)).rejects.toBeInstanceOf(TypeError)
})
