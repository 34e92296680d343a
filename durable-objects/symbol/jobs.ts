/** What a symbol's object does off the way of a tick, and when each job is due next. */
import { rootSpec } from '#quant/contracts/rootMaster'
import type { Alarms } from '../lib/alarms.ts'
import { registerSymbol, type ArchivePorts } from './archive/archive.ts'
import type { Archiver } from './archive/archiver.ts'
import {
  ARCHIVE_EVERY_MS,
  closeCheckMs,
  FIRST_ARCHIVE_AFTER_MS,
  RECORDING_QUIET_MS,
} from './archive/archiveSchedule.ts'
import { underlyingName } from './archive/underlyingName.ts'
import { stateHash } from './book/stateHash.ts'
import type { DelayedStates } from './delayed/DelayedStates.ts'
import type { LiveState } from './state.ts'
import type { SymbolWatch } from '../webhooks/SymbolWatch.ts'
import type { SymbolStream } from './stream/SymbolStream.ts'
import { staleAtMs } from './views/freshness.ts'
import type { Published } from './views/liveFrame.ts'

/**
 * `checkpoint` saves the book, `register` keeps the symbol's row in D1, `archive` and `close` take snapshots, `delayed`
 * keeps a state for callers who may see only old ones, `freshness` tells viewers that the feed went quiet, `sockets`
 * closes those that are silent or whose token ran out, `events` tells who has webhooks what happened.
 */
export type JobName =
  'checkpoint' | 'register' | 'archive' | 'close' | 'delayed' | 'freshness' | 'sockets' | 'events'

/** A job that failed runs again after this long. */
export const RETRY_MS = 60_000
const CHECKPOINT_AFTER_MS = 15_000
/** A restore replays about this many batches on top of the checkpoint, at most. */
export const MAX_TAIL = 200
const REGISTER_FIRST_AFTER_MS = 500
const REGISTER_EVERY_MS = 60_000
/** An alarm that sets itself must not become a loop. */
const MIN_RECHECK_MS = 1_000

export interface JobTools {
  readonly symbol: string
  readonly state: LiveState
  readonly alarms: Alarms<JobName>
  readonly archiver: Archiver
  readonly delayed: DelayedStates
  readonly stream: SymbolStream
  readonly watch: SymbolWatch
  readonly ports: ArchivePorts
  readonly current: () => Published | null
  readonly checkpoint: () => void
  readonly saveMemory: () => void
}

/** Puts on the list what a newly applied batch makes necessary. `tailLength`: batches since the last checkpoint. */
export function scheduleAfterBatch(tools: JobTools, tailLength: number, nowMs: number): void {
  const { state, alarms, archiver } = tools
  const { book } = state
  alarms.ensureBy('checkpoint', tailLength >= MAX_TAIL ? nowMs : nowMs + CHECKPOINT_AFTER_MS)
  const isKnown = archiver.announcedSource === book.source
  alarms.ensureBy('register', nowMs + (isKnown ? REGISTER_EVERY_MS : REGISTER_FIRST_AFTER_MS))
  if (book.asOfMs === null) return
  alarms.ensureBy('archive', nowMs + (archiver.isNew ? FIRST_ARCHIVE_AFTER_MS : ARCHIVE_EVERY_MS))
  archiver.begin(book.asOfMs)
  const delayedMs = tools.delayed.dueMs(book, nowMs)
  if (delayedMs !== null) alarms.ensureBy('delayed', delayedMs)
  if (alarms.has('close')) return
  const closeMs = closeCheckMs({ feed: book.feed, calendar: calendarOf(state) }, nowMs)
  if (closeMs !== null) alarms.ensureBy('close', closeMs)
}

/** @throws what D1 or R2 throws; the job is on the list again by then. */
export async function runJob(name: JobName, tools: JobTools, nowMs: number): Promise<void> {
  const { alarms, stream } = tools
  switch (name) {
    case 'checkpoint':
      tools.checkpoint()
      alarms.cancel('checkpoint')
      return
    case 'register':
      return register(tools)
    case 'archive':
    case 'close':
      return archive(name, tools, nowMs)
    case 'delayed':
      tools.delayed.keep(tools.current(), tools.state.book, nowMs)
      alarms.cancel('delayed')
      return
    case 'freshness':
      return checkFreshness(tools, nowMs)
    case 'sockets': {
      const nextMs = stream.sweep(nowMs)
      if (nextMs === null) alarms.cancel('sockets')
      else alarms.set('sockets', nextMs)
      return
    }
    case 'events':
      if (await tools.watch.tell()) alarms.cancel('events')
  }
}

async function register({ symbol, state, alarms, archiver, ports }: JobTools): Promise<void> {
  const { book } = state
  const { feed, source, asOfMs, lastSeenMs: seenMs, version } = book
  const name = underlyingName(symbol)
  // Before the attempt, so that a database in trouble is tried again once a minute and not with every batch.
  archiver.announcedSource = source
  await registerSymbol(ports, { symbol, name, currency: currencyOf(state), feed, source, seenMs, asOfMs })
  // A batch that came while D1 was writing is for the next round.
  if (book.version === version) alarms.cancel('register')
}

async function archive(name: 'archive' | 'close', tools: JobTools, nowMs: number): Promise<void> {
  const { state, alarms, archiver } = tools
  const { feed, asOfMs, lastSeenMs, version } = state.book
  if (feed === 'recorded' && nowMs - lastSeenMs < RECORDING_QUIET_MS) {
    alarms.set(name, nowMs + RECORDING_QUIET_MS)
    return
  }
  const published = tools.current()
  if (published !== null && asOfMs !== null) {
    // Of the same instant as the frame: the book is read before the await.
    const hash = await stateHash(state.book)
    const clock = { feed, asOfMs, calendar: calendarOf(state), stateHash: hash }
    await archiver.archive(published, clock, nowMs)
    tools.saveMemory()
  }
  if (name === 'archive' && state.book.version !== version) alarms.set('archive', nowMs + ARCHIVE_EVERY_MS)
  else alarms.cancel(name)
}

/** A frame is made anew when its freshness changed. While it is fresh it is looked at again when that may end. */
function checkFreshness({ state, alarms, stream, current }: JobTools, nowMs: number): void {
  const { feed, asOfMs, lastSeenMs } = state.book
  const isFresh = stream.isWatched && current()?.frame.quality.freshness === 'fresh'
  if (!isFresh || asOfMs === null) alarms.cancel('freshness')
  else alarms.set('freshness', Math.max(staleAtMs({ feed, asOfMs, lastSeenMs }), nowMs + MIN_RECHECK_MS))
}

function calendarOf({ book }: LiveState): LiveState['book']['calendars'][number] {
  return book.calendars[0] ?? 'XNYS'
}

function currencyOf({ book }: LiveState): string {
  const root = book.roots[0]
  return root === undefined ? 'USD' : rootSpec(root).currency
}
