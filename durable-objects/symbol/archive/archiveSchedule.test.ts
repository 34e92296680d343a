import { describe, expect, it } from 'vitest'
import type { FeedKind } from '#schemas/feed'
import {
  beginProgress,
  closeCheckMs,
  CLOSE_GRACE_MS,
  dueSnapshot,
  snapshotKey,
  type ArchiveProgress,
} from './archiveSchedule.ts'

const at = (utc: string) => Date.parse(utc)
const MORNING = at('2026-11-20T15:30:00Z')
const CLOSE = at('2026-11-20T21:00:00Z')

const clock = (asOfMs: number, feed: FeedKind = 'live', stateHash = 'aaaaaaaabb') => ({
  feed,
  asOfMs,
  calendar: 'XNYS' as const,
  stateHash,
})
const begun = (asOfMs: number): ArchiveProgress => beginProgress({ asOfMs })

describe('dueSnapshot', () => {
  it('is one per state, named by market time', () => {
    const due = dueSnapshot(begun(MORNING), clock(MORNING + 1_500), MORNING + 2_000)
    expect(due).toMatchObject({ kind: 'minute', id: '20261120T153001Z' })
    expect(dueSnapshot(due?.progress ?? begun(0), clock(MORNING + 1_500), MORNING + 90_000)).toBeNull()
    expect(dueSnapshot(due?.progress ?? begun(0), clock(MORNING + 60_000), MORNING + 90_000)).toMatchObject({
      id: '20261120T153100Z',
    })
  })

  it('tells states of a recording apart although its time stands still', () => {
    const due = dueSnapshot(begun(MORNING), clock(MORNING, 'recorded', '0123456789'), CLOSE)
    expect(due).toMatchObject({ kind: 'minute', id: '20261120T153000Z-01234567' })
    const progress = due?.progress ?? begun(0)
    expect(dueSnapshot(progress, clock(MORNING, 'recorded', '0123456789'), CLOSE)).toBeNull()
    expect(dueSnapshot(progress, clock(MORNING, 'recorded', 'fedcba9876'), CLOSE)).toMatchObject({
      id: '20261120T153000Z-fedcba98',
    })
  })

  it('marks the close of a live session once, also for a feed that went quiet before it', () => {
    const minute = dueSnapshot(begun(MORNING), clock(CLOSE - 1_000), CLOSE - 500)
    expect(minute?.kind).toBe('minute')
    const close = dueSnapshot(minute?.progress ?? begun(0), clock(CLOSE - 1_000), CLOSE + 30_000)
    expect(close).toMatchObject({ kind: 'close', id: '20261120T205959Z' })
    expect(dueSnapshot(close?.progress ?? begun(0), clock(CLOSE - 1_000), CLOSE + 86_400_000)).toBeNull()
  })

  it('marks a close by market time where the market keeps its own clock', () => {
    const day = begun(MORNING)
    expect(dueSnapshot(day, clock(CLOSE - 1_000, 'synthetic'), CLOSE + 3_600_000)?.kind).toBe('minute')
    expect(dueSnapshot(day, clock(CLOSE, 'synthetic'), MORNING)?.kind).toBe('close')
  })

  it('does not take for its own a close from before its data, or of a session it saw nothing of', () => {
    expect(dueSnapshot(begun(CLOSE + 1), clock(CLOSE + 1), CLOSE + 2)?.kind).toBe('minute')
    const monday = at('2026-11-23T22:00:00Z')
    const friday = dueSnapshot(begun(MORNING), clock(CLOSE), CLOSE + 1)
    expect(friday?.kind).toBe('close')
    expect(dueSnapshot(friday?.progress ?? begun(0), clock(CLOSE), monday)).toBeNull()
  })
})

describe('closeCheckMs', () => {
  it('is just after the close in progress, for feeds that follow the exchange', () => {
    expect(closeCheckMs(clock(MORNING), MORNING)).toBe(CLOSE + CLOSE_GRACE_MS)
    expect(closeCheckMs(clock(MORNING), CLOSE + 1)).toBeNull()
    expect(closeCheckMs(clock(MORNING, 'synthetic'), MORNING)).toBeNull()
    const halfDay = at('2026-11-27T15:30:00Z')
    expect(closeCheckMs(clock(halfDay), halfDay)).toBe(at('2026-11-27T18:00:00Z') + CLOSE_GRACE_MS)
  })
})

it('snapshotKey is one immutable key per state', () => {
  expect(snapshotKey('SPX', MORNING, '20261120T153000Z')).toBe(
    'gamma/v1/SPX/2026-11-20/20261120T153000Z.json.gz',
  )
})
