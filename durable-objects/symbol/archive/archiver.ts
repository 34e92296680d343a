/** Takes the snapshots of one symbol when they are due and gets them to storage, however often that fails at first. */
import { SNAPSHOT_VERSION, type Snapshot } from '#schemas/snapshot'
import type { ChainStore } from '../store/chainStore.ts'
import type { Published } from '../views/liveFrame.ts'
import { expiriesOf, levelsOf } from '../views/restViews.ts'
import { deliverSnapshot, gzip, type ArchivePorts } from './archive.ts'
import {
  beginProgress,
  dueSnapshot,
  snapshotKey,
  type ArchiveClock,
  type ArchiveProgress,
} from './archiveSchedule.ts'

/** A day of minutes; older ones are given up when storage stays away longer. */
const MAX_QUEUED = 1_440

export class Archiver {
  readonly #store: ChainStore
  readonly #ports: ArchivePorts
  readonly #symbol: string
  #progress: ArchiveProgress | null
  /** The source this life of the object last tried to put into the symbol's D1 row. */
  announcedSource: string | null = null

  constructor(store: ChainStore, ports: ArchivePorts, symbol: string) {
    this.#store = store
    this.#ports = ports
    this.#symbol = symbol
    this.#progress = store.readMeta<ArchiveProgress>('archive')
  }

  /** Nothing has been archived yet. */
  get isNew(): boolean {
    return this.#progress === null || this.#progress.id === null
  }

  /** To be called when data arrives: closes before the first data are not ours to archive. */
  begin(asOfMs: number): void {
    if (this.#progress === null) this.#remember(beginProgress({ asOfMs }))
  }

  /** Queues the snapshot that is due, if one is, and delivers all that are queued. @throws when storage refuses. */
  async archive({ frame, figures }: Published, clock: ArchiveClock, nowMs: number): Promise<void> {
    const due = this.#progress === null ? null : dueSnapshot(this.#progress, clock, nowMs)
    if (due !== null) {
      const { asOfMs, spotPrice: spot, netGex, nearestFlip } = frame
      const { id, kind } = due
      const key = snapshotKey(this.#symbol, asOfMs, id)
      const body = await gzip(JSON.stringify(snapshotOf(id, { frame, figures })))
      this.#store.queueSnapshot({ id, kind, key, asOfMs, spot, netGex, nearestFlip, body }, MAX_QUEUED)
      this.#remember(due.progress)
    }
    await this.#deliver()
  }

  async #deliver(): Promise<void> {
    for (let row = this.#store.oldestQueued(); row !== null; row = this.#store.oldestQueued()) {
      // One after the other: the order is the point, and storage that is struggling is not helped by more at once.
      // oxlint-disable-next-line no-await-in-loop
      await deliverSnapshot(this.#ports, this.#symbol, row)
      this.#store.removeQueued(row.id)
    }
  }

  #remember(progress: ArchiveProgress): void {
    this.#progress = progress
    this.#store.writeMeta('archive', progress)
  }
}

function snapshotOf(id: string, { frame, figures }: Published): Snapshot {
  const levels = levelsOf(frame, figures.analytics).data
  return { v: SNAPSHOT_VERSION, type: 'snapshot', id, frame, levels, expiries: expiriesOf(figures.analytics) }
}
