/** A crowd of viewers of our Worker, spread over processes, as one. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Crowd, CrowdOrder } from './crowd.ts'
import { NOTHING, type Word } from './follower.ts'

/** One process reads no more than this without becoming what is measured. */
const SOCKETS_PER_PROCESS = 2_500

export interface Crowds {
  reset(): Promise<void>
  collect(): Promise<CrowdFigures>
  /** Everybody at once; the slowest process counts. */
  herd(): Promise<{ readonly ms: number; readonly spreadMs: number }>
  renew(urls: readonly string[]): Promise<void>
  churn(times: number): Promise<void>
  stall(sockets: number, urls: readonly string[]): Promise<void>
  end(): void
}

export interface CrowdFigures extends Word {
  readonly p50Ms: number
  readonly p99Ms: number
  readonly closed: number
  readonly closes: Readonly<Record<string, number>>
  readonly refused: Readonly<Record<string, number>>
}

export async function openCrowds(
  headers: Readonly<Record<string, string>>,
  urls: readonly string[],
  sockets: number,
  channel: string,
): Promise<Crowds> {
  const processes = Math.ceil(sockets / SOCKETS_PER_PROCESS)
  const children = Array.from({ length: processes }, () =>
    fork(join(import.meta.dirname, 'crowd.ts'), [], {
      serialization: 'advanced',
      execArgv: ['--disable-warning=ExperimentalWarning'],
    }),
  )
  const all = <T>(order: (i: number) => CrowdOrder): Promise<T[]> =>
    Promise.all(children.map((child, i) => ask(child, order(i)) as Promise<T>))
  await all((i) => ({ order: 'open', urls, headers, channel, sockets: shareOf(sockets, processes, i) }))
  return {
    reset: async () => void (await all(() => ({ order: 'reset' }))),
    collect: async () => together(await all<Crowd>(() => ({ order: 'collect' }))),
    async herd() {
      const herds = await all<{ ms: number; spreadMs: number }>(() => ({ order: 'herd' }))
      const most = (of: (each: (typeof herds)[number]) => number): number => Math.max(...herds.map(of))
      return { ms: most(({ ms }) => ms), spreadMs: most(({ spreadMs }) => spreadMs) }
    },
    renew: async (fresh) => void (await all(() => ({ order: 'renew', urls: fresh }))),
    churn: async (times) =>
      void (await all((i) => ({ order: 'churn', times: shareOf(times, processes, i) }))),
    stall: async (count, stalledUrls) =>
      void (await all((i) => ({
        order: 'stall',
        urls: stalledUrls,
        sockets: shareOf(count, processes, i),
      }))),
    end: () => children.forEach((child) => child.kill('SIGKILL')),
  }
}

async function ask(child: ChildProcess, order: CrowdOrder): Promise<unknown> {
  child.send(order)
  const [answer] = (await once(child, 'message')) as [Readonly<Record<string, unknown>>]
  if (typeof answer['failed'] === 'string') throw new Error(`${order.order}: ${answer['failed']}`)
  return answer
}

function shareOf(total: number, parts: number, i: number): number {
  return Math.floor(total / parts) + (i < total % parts ? 1 : 0)
}

function together(crowds: readonly Crowd[]): CrowdFigures {
  const word: Word = { ...NOTHING }
  for (const crowd of crowds) for (const key of Object.keys(word) as (keyof Word)[]) word[key] += crowd[key]
  const closes = summed(crowds.map((crowd) => crowd.closes))
  const refused = summed(crowds.map((crowd) => crowd.refused))
  const closed = Object.values(closes).reduce((sum, times) => sum + times, 0)
  return { ...word, ...ranks(crowds), closed, closes, refused }
}

function summed(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {}
  for (const [key, times] of counts.flatMap((each) => Object.entries(each)))
    sums[key] = (sums[key] ?? 0) + times
  return sums
}

function ranks(crowds: readonly Crowd[]): { readonly p50Ms: number; readonly p99Ms: number } {
  const bins = crowds[0]?.delays.map((_, ms) =>
    crowds.reduce((sum, { delays }) => sum + (delays[ms] ?? 0), 0),
  )
  const total = bins?.reduce((sum, count) => sum + count, 0) ?? 0
  const rank = (share: number): number => {
    let below = 0
    return bins?.findIndex((count) => (below += count) > share * total) ?? Number.NaN
  }
  return { p50Ms: rank(0.5), p99Ms: rank(0.99) }
}
