import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../clock/clock.ts'
import { DEFAULT_DELIVERY } from '../delivery/delivery.ts'
import { createPoster, POST_TIMEOUT_MS } from '../delivery/poster.ts'
import { createRequestSigner, type RequestSigner } from '../delivery/requestSigner.ts'
import type { Feed } from '../feeds/feed.ts'
import { Journal } from '../journal/Journal.ts'
import { createAskLease, LEASE_TIMEOUT_MS } from '../lease/askLease.ts'
import { openHolderId } from '../lease/holderId.ts'
import { Lease } from '../lease/Lease.ts'
import { sealWindow } from '../pipeline/sealWindow.ts'
import { SymbolPipeline, type PipelineOutcome } from '../pipeline/SymbolPipeline.ts'
import { createFeeds } from './createFeeds.ts'
import { startHealthServer } from './healthServer.ts'
import type { BridgeOptions } from './options.ts'
import type { Report } from './report.ts'

const STATUS_EVERY_MS = 5_000
const SHUTDOWN_MS = 5_000
const HIGH_WATER_BATCHES = 32

export interface Surroundings {
  readonly clock: Clock
  readonly random: () => number
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly report: Report
  /** Instead of those the options name. */
  readonly feeds?: readonly Feed[]
}

/** Runs the bridge until its feeds end or `signal` aborts; returns the exit code. Throws before anything has started. */
export async function runBridge(
  options: BridgeOptions,
  { clock, random, environment, report, feeds = createFeeds(options, clock) }: Surroundings,
  signal: AbortSignal,
): Promise<number> {
  const key = keyText(options.keyFile, environment)
  // One signer each: their timestamps must rise per symbol, and a shared one would run ahead of the clock.
  const signers = feeds.map(() => createRequestSigner(key))
  const journals = openJournals(feeds, options, report)
  const pipelines = feeds.map((feed, i) => {
    const { symbol } = feed
    const journal = journals[i] as Journal
    const connection = { to: options.to, symbol, signer: signers[i] as RequestSigner, clock }
    return new SymbolPipeline({
      feed,
      journal,
      lease: new Lease({
        ask: createAskLease({ ...connection, timeoutMs: LEASE_TIMEOUT_MS }),
        clock,
        random,
        holder: openHolderId(journal.directory),
        source: feed.source,
      }),
      post: createPoster({ ...connection, timeoutMs: POST_TIMEOUT_MS }),
      clock,
      random,
      delivery: { ...DEFAULT_DELIVERY, window: options.inFlight },
      window: sealWindow(options.windowMs),
      highWaterBatches: HIGH_WATER_BATCHES,
      shutdownMs: SHUTDOWN_MS,
      log: (entry) => report.event(symbol, entry),
    })
  })
  const statuses = () => pipelines.map((pipeline) => pipeline.status)
  const health = options.healthPort === null ? null : await startHealthServer(options.healthPort, statuses)
  if (health)
    report.event(null, { level: 'info', event: 'health', detail: `http://127.0.0.1:${health.port}/health` })
  const finished = new AbortController()
  void reportRegularly(clock, finished.signal, () => report.status(statuses()))

  const outcomes = await Promise.all(
    pipelines.map(async (pipeline) => {
      const outcome = await pipeline.run(signal)
      announce(report, pipeline.status.symbol, outcome)
      return outcome
    }),
  )
  const healthy = outcomes.every(({ kind }) => kind === 'drained' || kind === 'interrupted')
  if (healthy && !options.once && !signal.aborted) {
    report.event(null, { level: 'info', event: 'idle', detail: 'the feed has ended and all is acknowledged' })
    await aborted(signal)
  }
  finished.abort()
  report.status(statuses())
  health?.close()
  for (const journal of journals) journal.close()
  return healthy ? 0 : 1
}

function keyText(keyFile: string, environment: Surroundings['environment']): string {
  const fromEnvironment = environment['INGEST_PRIVATE_JWK']
  if (fromEnvironment) return fromEnvironment
  if (existsSync(keyFile)) return readFileSync(keyFile, 'utf8')
  throw new Error(`no key to sign with: set INGEST_PRIVATE_JWK or put an Ed25519 private JWK into ${keyFile}`)
}

function openJournals(
  feeds: readonly Feed[],
  { journal, fsync, journalMaxBytes: maxBytes }: BridgeOptions,
  report: Report,
): Journal[] {
  const opened: Journal[] = []
  try {
    for (const { symbol } of feeds) opened.push(new Journal(join(journal, symbol), { fsync, maxBytes }))
  } catch (error) {
    for (const each of opened) each.close()
    throw error
  }
  opened.forEach(({ droppedBytes, directory }) => {
    if (droppedBytes === 0) return
    const detail = `${droppedBytes} bytes of an unfinished append dropped in ${directory}; they were never sent`
    report.event(null, { level: 'warn', event: 'journal_torn', detail })
  })
  return opened
}

function announce(report: Report, symbol: string, outcome: PipelineOutcome): void {
  if (outcome.kind === 'drained') return
  if (outcome.kind === 'interrupted') {
    const detail =
      outcome.batchesLeft === 0
        ? 'everything is acknowledged'
        : `${outcome.batchesLeft} batches wait in the journal`
    report.event(symbol, { level: 'info', event: 'shut_down', detail })
  } else if (outcome.kind === 'failed') {
    report.event(symbol, { level: 'error', event: 'failed', detail: outcome.detail })
  } else {
    report.event(symbol, { level: 'error', event: 'stopped', detail: stopText(outcome.stop) })
  }
}

function stopText(stop: Extract<PipelineOutcome, { kind: 'stopped' }>['stop']): string {
  if (stop.kind === 'stale') return `a newer epoch has taken over: ${stop.detail}`
  if (stop.kind === 'lost') return `the receiver keeps losing its place: ${stop.detail}`
  return `refused as ${stop.code}${stop.field ? ` at ${stop.field}` : ''}: ${stop.detail}`
}

async function reportRegularly(clock: Clock, signal: AbortSignal, report: () => void): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(STATUS_EVERY_MS, signal)
    if (!signal.aborted) report()
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
