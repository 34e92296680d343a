/** Viewers of one symbol that keep coming back, and what they were shown. */
import type { Random } from '#bridge/feeds/synthetic/Random'
import { startCompactViewer } from './compactViewer.ts'
import { startStreamViewer } from './streamViewer.ts'

export interface Shown {
  readonly kind: 'compact' | 'stream'
  readonly epoch: number
  readonly sequence: number
  readonly asOfMs: number
  /** The same for everybody who is shown this position in this kind. */
  readonly content: string
}

export interface ViewerSetting {
  readonly symbol: string
  /** `ws://host:port` */
  readonly url: string
  readonly token: () => Promise<string>
  readonly random: Random
  /** `before`: what this viewer was shown last. `follows`: as the viewer's protocol has it. */
  readonly note: (shown: Shown, before: Shown | null, follows: boolean) => void
  readonly noteResume: (recovered: boolean) => void
}

export interface Viewer {
  /** When it was last shown something, `performance.now()`. */
  shownMs(): number
  /** Stops reading, or reads again. */
  stall(isStalled: boolean): void
  cut(): void
  close(): void
}

export class Viewers {
  readonly #viewers: Viewer[]
  readonly #seen = new Map<string, string>()
  /** Newest market time shown under each stream epoch. */
  readonly shownAsOfMs = new Map<number, number>()
  frames = 0
  /** Frames that do not follow the one before, without a word. */
  gaps = 0
  duplicates = 0
  /** One position with two contents, or a position before one that was shown and not retracted by a new epoch. */
  contradictions = 0
  readonly resumes = { recovered: 0, fromSnapshot: 0 }

  /** So many of each kind. */
  constructor(count: number, setting: Omit<ViewerSetting, 'note' | 'noteResume'>) {
    const noted: ViewerSetting = {
      ...setting,
      note: (shown, before, follows) => this.#note(shown, before, follows),
      noteResume: (recovered) => void this.resumes[recovered ? 'recovered' : 'fromSnapshot']++,
    }
    this.#viewers = Array.from({ length: count }, () => [
      startCompactViewer(noted),
      startStreamViewer(noted),
    ]).flat()
  }

  get newestEpoch(): number {
    return Math.max(0, ...this.shownAsOfMs.keys())
  }

  /** Whether every viewer has been shown something since `sinceMs` (`performance.now()`). */
  allShownSince(sinceMs: number): boolean {
    return this.#viewers.every((viewer) => viewer.shownMs() > sinceMs)
  }

  /** `count` of them stop reading, or all read again. */
  stall(count: number): void {
    this.#viewers.forEach((viewer, i) => viewer.stall(i < count))
  }

  /** Cuts the connections of all but the first of either kind. */
  cut(): void {
    for (const viewer of this.#viewers.slice(2)) viewer.cut()
  }

  close(): void {
    for (const viewer of this.#viewers) viewer.close()
  }

  #note({ kind, epoch, sequence, asOfMs, content }: Shown, before: Shown | null, follows: boolean): void {
    this.frames++
    this.shownAsOfMs.set(epoch, Math.max(asOfMs, this.shownAsOfMs.get(epoch) ?? 0))
    const key = `${kind} ${epoch}/${sequence}`
    const isContradicted = (this.#seen.get(key) ?? content) !== content
    this.#seen.set(key, content)
    if (isContradicted) this.contradictions++
    if (before === null || epoch > before.epoch) return
    if (epoch < before.epoch || sequence < before.sequence) this.contradictions++
    else if (sequence === before.sequence && kind === 'stream') this.duplicates++
    else if (sequence > before.sequence && !follows) this.gaps++
  }
}
