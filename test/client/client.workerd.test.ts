/** The client in a worker, against the Worker. */
import { env } from 'cloudflare:workers'
import { applyD1Migrations } from 'cloudflare:test'
import { beforeAll, expect, it } from 'vitest'
import { connect } from '#client/index'
import { ORIGIN, seedSymbol, send } from '#workers/testing/requests'

const flipwire = connect(ORIGIN, {
  transport: { fetch: (url, init) => send(url.slice(ORIGIN.length), init) },
})

beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  await seedSymbol('CLIENT')
  await seedSymbol('PAID', 'live')
})

it('reads as a guest what a guest may, page by page', async () => {
  const contracts: string[] = []
  let cursor: string | null = null
  do {
    const page = await flipwire.chain('CLIENT', { limit: 2, ...(cursor === null ? {} : { cursor }) })
    if (!page.ok) throw new Error(page.problem.detail)
    contracts.push(...page.value.data.rows.map((row) => row.contract))
    cursor = page.value.data.nextCursor
  } while (cursor !== null)
  expect(new Set(contracts).size).toBe(3)
})

it.each(['symbols', 'methods', 'health', 'usage'] as const)('reads %s', async (name) => {
  expect(await flipwire[name]()).toMatchObject({ ok: true })
})

it.each(['levels', 'exposure', 'strikes', 'timeline', 'volatility', 'metrics', 'snapshots'] as const)(
  'reads %s of a symbol',
  async (name) => {
    expect(await flipwire[name]('CLIENT')).toMatchObject({ ok: true })
  },
)

it('is told which tier a guest would need', async () => {
  expect(await flipwire.exposure('PAID')).toMatchObject({
    ok: false,
    problem: { code: 'upgrade_required' },
    upgrade: { requiredTier: 'pro' },
  })
})
