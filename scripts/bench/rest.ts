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
/** Accounts that call at once. One that is a partner's program makes calls that meet in its object; those of many do not. */
const CROWDS = [1, 2, 20]

type Headers = Readonly<Record<string, string>>

interface Candidate {
  readonly impl: string
  readonly url: string
  readonly status: number
  /** Of the server. */
  readonly pid: number
  /** Who calls, in turn; another crowd every other round, as one account alone has no quota for all. */
  readonly callers: readonly [readonly Headers[], readonly Headers[]]
}

const BARE = 'bare Hono, a constant'
const SUMMED = 'Flipwire, cached, metered in sums'
const UNCHANGED = 'Flipwire, 304'
const written = (accounts: number) => `bare Hono, a row per call, accounts: ${accounts}`
const exact = (accounts: number) => `Flipwire, cached, metered exactly, accounts: ${accounts}`

/**
 * A read of exposure out of the hot cache, checked, authorised and metered, beside a server that does nothing but answer
 * the same bytes; and one metered exactly beside a server that does nothing but write a row and answer them. All take
 * turns within each round, so that a slow spell of the machine falls on all of them.
 */
export async function benchRest(): Promise<BenchReport> {
  const server = await startWorkerd()
  try {
    await fillMarket(server, SYMBOL)
    const pro = await callers(server, 'pro', CALLERS, 'pro')
    const sample = await fetch(server.url + PATH, { headers: pro[0] ?? {} })
    const bare = await startBareHono(await sample.text())
    try {
      const ours = { url: server.url + PATH, status: 200, pid: server.pid }
      const unchanged = pro.map((headers) => ({ ...headers, 'if-none-match': '*' }))
      const candidates: Candidate[] = [
        { impl: BARE, url: `${bare.url}/constant`, status: 200, pid: bare.pid, callers: [[{}], [{}]] },
        { impl: SUMMED, ...ours, callers: [pro, pro] },
        { impl: UNCHANGED, ...ours, status: 304, callers: [unchanged, unchanged] },
      ]
      for (const crowd of CROWDS) {
        const rows = (turn: string) => accounts(crowd, turn).map((account) => ({ account }))
        const partners = (turn: string) => callers(server, 'partner', crowd, turn)
        candidates.push(
          {
            impl: written(crowd),
            url: `${bare.url}/written`,
            status: 200,
            pid: bare.pid,
            callers: [rows('odd'), rows('even')],
          },
          { impl: exact(crowd), ...ours, callers: [await partners('odd'), await partners('even')] },
        )
      }
      return reportOf(await inTurn(candidates))
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
    for (const [i, { url, status, pid, callers: crowds }] of candidates.entries()) {
      const crowd = crowds[round % 2] ?? []
      const headersOf = (request: number) => crowd[request % crowd.length] ?? {}
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
  const share = (unit: string, above: string, below: string): number => {
    const [a, b] = [above, below].map(
      (name) => results.find(({ impl }) => impl === name)?.figure[unit] ?? NaN,
    )
    return (a ?? NaN) / (b ?? NaN)
  }
  const cpu = (peer: string, ourName: string) => share('cpuMsPerRequest', peer, ourName)
  return {
    results,
    gates: [
      atLeast('CPU of bare Hono ÷ a 304', cpu(BARE, UNCHANGED), 0.25),
      atLeast('CPU of bare Hono ÷ metered in sums', cpu(BARE, SUMMED), 0.25),
      ...CROWDS.flatMap((crowd) => [
        atLeast(
          `CPU of a row per call ÷ metered exactly, accounts: ${crowd}`,
          cpu(written(crowd), exact(crowd)),
          2 / 3,
        ),
        atLeast(
          `requests/s, metered exactly ÷ a row per call, accounts: ${crowd}`,
          share('requestsPerSecond', exact(crowd), written(crowd)),
          0.6,
        ),
      ]),
    ],
  }
}

async function callers(server: WorkerdServer, tier: Tier, count: number, name: string): Promise<Headers[]> {
  const tokens = await Promise.all(accounts(count, name).map((subject) => server.token(tier, subject)))
  return tokens.map((token) => ({ authorization: `Bearer ${token}` }))
}

function accounts(count: number, name: string): string[] {
  return Array.from({ length: count }, (_, i) => `${name}-${count}-${i}`)
}
