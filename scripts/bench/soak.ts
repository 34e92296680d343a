import { gammaChannel } from '#schemas/stream/channel'
import { residentMb } from '../rig/processCost.ts'
import { DELTAS, startFlipwire, WHOLE_FRAMES, type Flipwire } from './fanout/flipwire.ts'
import { atLeast, significant, type BenchReport, type BenchResult } from './report.ts'
import { bareOpeningMs } from './soak/bareOpening.ts'
import { openCrowds, type CrowdFigures, type Crowds } from './soak/crowds.ts'

const SOCKETS = Number(process.env['SOAK_SOCKETS'] ?? 10_000)
const SOAK_MS = Number(process.env['SOAK_SECONDS'] ?? 600) * 1_000
const RESUMES = Number(process.env['SOAK_RESUMES'] ?? 100_000)
const RESUMES_PER_TOKEN = 5_000
/** Accounts of a server: the relay is chosen by account, and takes 50 sockets of each. */
const SUBJECTS = 512
/** workerd holds two descriptors per socket, and a process may commonly have 20,000 or 65,536 of them. */
const SOCKETS_PER_SERVER = 9_000
const SETTLE_MS = 5_000
const STALLED_SHARE = 0.05
/** A stalled reader of deltas is closed after 30 s. */
const STALLED_MS = 25_000
const MOST = { resumeMs: 6_000, stalledMb: 5, slowdown: 1.1 }

interface Rig {
  readonly servers: readonly Flipwire[]
  readonly crowds: Crowds
  /** With fresh tokens. */
  readonly urlsOf: (path: string) => Promise<readonly string[]>
}

/**
 * Many viewers of one symbol for a long time; then all of them cut off at once, as by a deploy; then some of them that
 * read no more. Every viewer checks every frame's predecessor.
 */
export function benchSoak(): Promise<BenchReport> {
  return withCrowd(async (rig) => {
    const calm = await soak(rig)
    const herd = await comeBack(rig)
    const stalled = await standStill(rig)
    return {
      results: [...calm.results, ...herd.results, ...stalled.results],
      gates: [...calm.gates, ...herd.gates, ...stalled.gates],
    }
  }).then(async ({ results, gates }) => ({ results: [...results, await openBare()], gates }))
}

/** Beside the herd: what the runtime alone needs on this machine. */
async function openBare(): Promise<BenchResult> {
  const ms = await bareOpeningMs(SOCKETS, Math.ceil(SOCKETS / SOCKETS_PER_SERVER))
  const figure = { inMs: Math.round(ms) }
  return { ...result('upgraded at once, and no more', figure), impl: 'bare loop' }
}

/** Viewers that are cut off at random and go on from where they were, from earlier, or from an epoch there never was. */
export function benchResumes(): Promise<BenchReport> {
  return withCrowd(async ({ crowds, urlsOf }) => {
    await crowds.reset()
    const beganMs = performance.now()
    for (let done = 0; done < RESUMES; done += RESUMES_PER_TOKEN) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await crowds.renew(await urlsOf(DELTAS.path))
      // oxlint-disable-next-line no-await-in-loop
      await crowds.churn(Math.min(RESUMES_PER_TOKEN, RESUMES - done))
    }
    const seconds = (performance.now() - beganMs) / 1_000
    const found = await crowds.collect()
    const figure = { seconds: significant(seconds, 3), resumesPerSecond: Math.round(found.resumes / seconds) }
    return {
      results: [result('resumes at random points', { ...figure, ...kept(found) })],
      gates: [nothing('resumes: gaps, duplicates and wrong answers', faultsOf(found))],
    }
  })
}

async function withCrowd(run: (rig: Rig) => Promise<BenchReport>): Promise<BenchReport> {
  const servers: Flipwire[] = []
  try {
    // oxlint-disable-next-line no-await-in-loop -- two that build at once disturb each other
    while (servers.length * SOCKETS_PER_SERVER < SOCKETS) servers.push(await startFlipwire(DELTAS))
    return await Promise.race([withCrowdOf(servers, run), ...servers.map(({ died }) => died)])
  } finally {
    await Promise.all(servers.map((server) => server.stop()))
  }
}

async function withCrowdOf(
  servers: readonly Flipwire[],
  run: (rig: Rig) => Promise<BenchReport>,
): Promise<BenchReport> {
  const urlsOf = async (path: string): Promise<string[]> => {
    const subjects = Array.from({ length: SUBJECTS }, (_, i) => `rig-${i}`)
    const bySubject = subjects.map((subject) => servers.map((server) => urlOf(server, path, subject)))
    return Promise.all(bySubject.flat())
  }
  const headers = servers[0]?.headers ?? {}
  const crowds = await openCrowds(headers, await urlsOf(DELTAS.path), SOCKETS, gammaChannel('SPX'))
  try {
    await pause(SETTLE_MS)
    return await run({ servers, crowds, urlsOf })
  } finally {
    crowds.end()
  }
}

async function urlOf({ url, token }: Flipwire, path: string, subject: string): Promise<string> {
  return `${new URL(url).origin}${path}?token=${await token('pro', subject)}`
}

function residentMbOf(servers: readonly Flipwire[]): number {
  return servers.reduce((sum, { pid }) => sum + residentMb(pid), 0)
}

async function soak({ servers, crowds }: Rig): Promise<BenchReport> {
  await crowds.reset()
  const residentAtFirst = residentMbOf(servers)
  await pause(SOAK_MS)
  const found = await crowds.collect()
  const figure = {
    seconds: SOAK_MS / 1_000,
    servers: servers.length,
    ...kept(found),
    ...named('closed', found.closes),
    residentMbAtFirst: Math.round(residentAtFirst),
    residentMb: Math.round(residentMbOf(servers)),
  }
  return {
    results: [result('soak', figure)],
    gates: [nothing('soak: closes, gaps and duplicates', found.closed + faultsOf(found))],
  }
}

async function comeBack({ crowds }: Rig): Promise<BenchReport> {
  await crowds.reset()
  const { ms, spreadMs } = await crowds.herd()
  const found = await crowds.collect()
  const figure = { backMs: Math.round(ms), spreadMs, ...named('refused', found.refused), ...kept(found) }
  return {
    results: [result('all cut off at once', figure)],
    gates: [
      atLeast(`herd: ${MOST.resumeMs} ms ÷ until all have gone on`, MOST.resumeMs / ms, 1),
      atLeast('herd: share that recovered', found.recovered / found.resumes, 1),
    ],
  }
}

async function standStill({ servers, crowds, urlsOf }: Rig): Promise<BenchReport> {
  await pause(SETTLE_MS)
  const count = Math.round(SOCKETS * STALLED_SHARE)
  const before = await figuresOf(crowds)
  const mbBefore = residentMbOf(servers)
  await crowds.stall(count, [...(await urlsOf(DELTAS.path)), ...(await urlsOf(WHOLE_FRAMES.path))])
  const during = await figuresOf(crowds)
  const stalledMb = (residentMbOf(servers) - mbBefore) / count
  const figure = {
    stalled: count,
    p50MsBefore: before.p50Ms,
    p99MsBefore: before.p99Ms,
    ...kept(during),
    mbPerStalled: significant(stalledMb, 3),
  }
  return {
    results: [result('readers that read no more, half of deltas, half of whole frames', figure)],
    gates: [
      atLeast(
        `${MOST.stalledMb} MB ÷ memory of a stalled reader`,
        MOST.stalledMb / Math.max(stalledMb, 0.001),
        1,
      ),
      atLeast(
        'p50 of the others before ÷ with stalled readers',
        before.p50Ms / during.p50Ms,
        1 / MOST.slowdown,
      ),
    ],
  }
}

async function figuresOf(crowds: Crowds): Promise<CrowdFigures> {
  await crowds.reset()
  await pause(STALLED_MS)
  return crowds.collect()
}

function kept({ p50Ms, p99Ms, frames, resumes, recovered, wrong, gaps, duplicates }: CrowdFigures) {
  return { p50Ms, p99Ms, frames, resumes, recovered, wrong, gaps, duplicates }
}

function named(what: string, counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([why, times]) => [`${what} ${why}`, times]))
}

function faultsOf({ wrong, gaps, duplicates }: CrowdFigures): number {
  return wrong + gaps + duplicates
}

function nothing(gate: string, faults: number): BenchReport['gates'][number] {
  return { gate: `${gate}: none`, value: faults, target: 0, ok: faults === 0 }
}

function result(work: string, figure: BenchResult['figure']): BenchResult {
  return { work: `${SOCKETS} viewers: ${work}`, impl: 'Flipwire', runtime: 'workerd', figure }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
