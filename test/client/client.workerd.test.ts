/** The client in a worker, against the Worker. */
import { env } from 'cloudflare:workers'
import { applyD1Migrations, runDurableObjectAlarm } from 'cloudflare:test'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { connect, verifyWebhook, type ConnectOptions, type StreamState } from '#client/index'
import { batchFor, ORIGIN, postBatch, seedSymbol, send, tokenFor } from '#workers/testing/requests'

/** As through a binding to a service: nothing is dialled. */
const transport: NonNullable<ConnectOptions['transport']> = {
  fetch: (url, init) => send(url.slice(ORIGIN.length), init),
}
const flipwire = connect(ORIGIN, { transport })
/** A busy machine takes its time. */
const PATIENT = { timeout: 10_000 }

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

it('verifies what the service sends to a webhook', async () => {
  const attempts: RequestInit[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (_, init = {}) => {
    attempts.push(init)
    return new Response(null)
  })
  const owner = env.WEBHOOKS.getByName(crypto.randomUUID())
  const request = { url: 'https://hooks.partner.com/', events: ['key.rotated' as const], symbols: [] }
  const made = await owner.create({ ...request, description: '' })
  const sent = made && (await owner.sendTest(made.webhook.id))
  await runDurableObjectAlarm(owner)
  await vi.waitFor(() => expect(attempts).toHaveLength(1), PATIENT)
  vi.restoreAllMocks()
  const [{ headers = {}, body = '' } = {}] = attempts
  const message = { headers: new Headers(headers), body: String(body) }
  expect(await verifyWebhook({ ...message, secret: made?.secret ?? '' })).toMatchObject({
    ok: true,
    id: typeof sent === 'object' ? sent?.id : '',
    event: { type: 'webhook.test', data: { webhook: made?.webhook.id } },
  })
  const other = `whsec_${btoa('x'.repeat(32))}`
  expect(await verifyWebhook({ ...message, secret: other })).toMatchObject({ reason: 'wrong_signature' })
})

describe('a stream', () => {
  function follow(channels: readonly string[], options: ConnectOptions = {}) {
    const frames: string[] = []
    const states: StreamState[] = []
    const stream = connect(ORIGIN, { transport, ...options }).stream({
      channels,
      onFrame: ({ symbol, sequence }) => void frames.push(`${symbol} ${sequence}`),
      onState: (_, state) => void states.push(state),
    })
    const kinds = () => states.map(({ kind }) => kind)
    return { stream, frames, states, kinds }
  }

  it.each([
    ['a guest’s ticket', async (): Promise<ConnectOptions> => ({})],
    ['a token in a header', async () => ({ apiKey: await tokenFor('partner') })],
    ['a ticket from elsewhere', async () => ({ getTicket: () => ticketOf('pro') })],
  ])('is opened by an upgrade with %s', async (_, options) => {
    const { stream, frames, kinds } = follow(['gamma.CLIENT'], await options())
    await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0), PATIENT)
    expect(kinds()).toEqual(['connecting', 'waiting', 'live'])
    stream.close()
    expect(kinds().at(-1)).toBe('closed')
  })

  it('of a symbol without data waits, and goes live with its first frame', async () => {
    const { stream, frames, kinds } = follow(['gamma.NEWCOMER'])
    await vi.waitFor(() => expect(kinds()).toContain('waiting'), PATIENT)
    expect((await postBatch('NEWCOMER', batchFor('NEWCOMER'))).status).toBe(200)
    await vi.waitFor(() => expect(kinds().at(-1)).toBe('live'), PATIENT)
    expect(frames[0]).toMatch(/^NEWCOMER /)
    stream.close()
  })

  it('of a market beyond the tier ends with what would open it, and the other one goes on', async () => {
    const { stream, frames } = follow(['gamma.PAID', 'gamma.CLIENT'])
    await vi.waitFor(() => expect(stream.state('gamma.PAID')?.kind).toBe('closed'), PATIENT)
    expect(stream.state('gamma.PAID')).toMatchObject({
      reason: 'forbidden',
      upgrade: { requiredTier: 'pro' },
      problem: { code: 'upgrade_required' },
    })
    // Nothing was missed while the socket was away, so that this one is caught up without a frame.
    await vi.waitFor(() => expect(stream.state('gamma.CLIENT')?.kind).toBe('caughtUp'), PATIENT)
    expect(frames.every((frame) => frame.startsWith('CLIENT'))).toBe(true)
    stream.close()
  })

  it('of a caller whose token nobody knows ends', async () => {
    const { states } = follow(['gamma.CLIENT'], { getToken: async () => 'forged' })
    await vi.waitFor(() => expect(states.at(-1)).toMatchObject({ kind: 'closed' }), PATIENT)
    expect(states.at(-1)).toMatchObject({ reason: 'unauthorized', problem: { code: 'invalid_token' } })
  })
})

async function ticketOf(tier: 'pro'): Promise<string> {
  const headers = { authorization: `Bearer ${await tokenFor(tier)}` }
  const answer = await send('/v1/ws-ticket', { method: 'POST', headers })
  return ((await answer.json()) as { ticket: string }).ticket
}

it('takes a window, renews it and gives it back', async () => {
  const opened = await flipwire.openWindow({ kind: 'desk', symbol: 'CLIENT' })
  if (!opened.ok) throw new Error(opened.problem.detail)
  const { id } = opened.value.data
  expect(await flipwire.renewWindow(id)).toMatchObject({ ok: true })
  expect(await flipwire.windows()).toMatchObject({ ok: true, value: { data: [{ id }] } })
  expect(await flipwire.closeWindow(id)).toEqual({ ok: true, value: null })
  expect(await flipwire.renewWindow(id)).toMatchObject({ ok: false, problem: { code: 'unknown_window' } })
})
