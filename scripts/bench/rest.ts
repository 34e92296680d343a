import type { Tier } from '#schemas/tiers'
import { fillMarket } from '../rig/fillMarket.ts'
import { processorMs } from '../rig/processCost.ts'
import { startWorkerd, type WorkerdServer } from '../rig/workerdServer.ts'
import { atLeast, significant, type BenchReport, type BenchResult } from './report.ts'
import { startBareHono } from './rest/bareServer.ts'
import { load } from './rest/load.ts'

const SYMBOL = 'SPX'
const PATH = `/v1/exposure/${SYMBOL}`
const ROUNDS = 5
const REQUESTS = 1_000
const CONNECTIONS = 16
/** So many that none meets its quota of the minute. */
const CALLERS = 20
/** Just enough for that, as a partner's programs come: many calls of one account at once. */
const BUSY_PARTNERS = 2

interface Candidate {
  readonly impl: string
  readonly url: string
  readonly status: number
  /** Of the server. */
  readonly pid: number
  readonly headers: readonly Readonly<Record<string, string>>[]
}

const BARE = 'bare Hono, a constant'
const SUMMED = 'Flipwire, cached, metered in sums'
const EXACT = 'Flipwire, cached, metered exactly'
const BUSY = 'Flipwire, cached, metered exactly, two accounts'
const UNCHANGED = 'Flipwire, 304'

/**
 * A read of exposure out of the hot cache, checked, authorised and metered, beside a server that does nothing but answer
 * the same bytes. All take turns within each round, so that a slow spell of the machine falls on all of them.
 */
export async function benchRest(): Promise<BenchReport> {
  const server = await startWorkerd()
  try {
    await fillMarket(server, SYMBOL)
    const pro = await callers(server, 'pro', CALLERS)
    const partner = await callers(server, 'partner', CALLERS)
    const busy = await callers(server, 'partner', BUSY_PARTNERS, 'busy')
    const sample = await fetch(server.url + PATH, { headers: pro[0] ?? {} })
    const bare = await startBareHono(await sample.text())
    const ours = { url: server.url + PATH, status: 200, pid: server.pid }
    try {
      return reportOf(
        await inTurn([
          { impl: BARE, url: bare.url, status: 200, pid: bare.pid, headers: [{}] },
          { impl: SUMMED, ...ours, headers: pro },
          { impl: EXACT, ...ours, headers: partner },
          { impl: BUSY, ...ours, headers: busy },
          {
            impl: UNCHANGED,
            ...ours,
            status: 304,
            headers: pro.map((h) => ({ ...h, 'if-none-match': '*' })),
          },
        ]),
      )
    } finally {
      await bare.stop()
    }
  } finally {
    await server.remove()
  }
}

/** Each candidate's delays and seconds over all rounds but the first, which warms up. */
async function inTurn(candidates: readonly Candidate[]) {
  const totals = candidates.map(({ impl }) => ({ impl, seconds: 0, cpuMs: 0, delaysMs: [] as number[] }))
  for (let round = 0; round <= ROUNDS; round++)
    for (const [i, { url, status, pid, headers }] of candidates.entries()) {
      const headersOf = (request: number) => headers[request % headers.length] ?? {}
      const cpuBeforeMs = processorMs(pid)
      const { seconds, delaysMs } = await load({
        requests: REQUESTS,
        connections: CONNECTIONS,
        url,
        status,
        headersOf,
      })
      const cpuMs = processorMs(pid) - cpuBeforeMs
      const total = totals[i]
      if (round === 0 || total === undefined) continue
      total.seconds += seconds
      total.cpuMs += cpuMs
      total.delaysMs.push(...delaysMs)
    }
  return totals
}

function reportOf(totals: Awaited<ReturnType<typeof inTurn>>): BenchReport {
  const results = totals.map(({ impl, seconds, cpuMs, delaysMs }): BenchResult => {
    const sorted = delaysMs.toSorted((a, b) => a - b)
    const rank = (share: number) => significant(sorted[Math.floor(share * (sorted.length - 1))] ?? NaN, 3)
    const requestsPerSecond = Math.round(sorted.length / seconds)
    const cpuMsPerRequest = significant(cpuMs / sorted.length, 3)
    const figure = { cpuMsPerRequest, requestsPerSecond, p50Ms: rank(0.5), p99Ms: rank(0.99) }
    return { work: `GET ${PATH}, ${CONNECTIONS} connections`, impl, runtime: 'workerd', figure }
  })
  const figureOf = (name: string, unit: string): number =>
    results.find(({ impl }) => impl === name)?.figure[unit] ?? NaN
  const bareShare = (name: string): number =>
    figureOf(BARE, 'cpuMsPerRequest') / figureOf(name, 'cpuMsPerRequest')
  return {
    results,
    gates: [
      atLeast('CPU of bare Hono ÷ a 304', bareShare(UNCHANGED), 0.25),
      atLeast('CPU of bare Hono ÷ metered in sums', bareShare(SUMMED), 0.25),
      atLeast('CPU of bare Hono ÷ metered exactly', bareShare(EXACT), 0.125),
      atLeast('CPU of bare Hono ÷ metered exactly, two accounts', bareShare(BUSY), 0.125),
    ],
  }
}

async function callers(
  server: WorkerdServer,
  tier: Tier,
  count: number,
  name: string = tier,
): Promise<Record<string, string>[]> {
  const names = Array.from({ length: count }, (_, i) => `${name}-${i}`)
  const tokens = await Promise.all(names.map((name) => server.token(tier, name)))
  return tokens.map((token) => ({ authorization: `Bearer ${token}` }))
}
