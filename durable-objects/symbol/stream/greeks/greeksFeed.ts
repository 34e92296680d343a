/**
 * What the listeners of `/ws/greeks` of one cadence are told: a contract again when its figures changed, at most once in
 * so long. Pure; holds no timer, but says when it may be asked again.
 */
import type { ChainBook } from '../../book/chainBook.ts'
import type { Published } from '../../views/liveFrame.ts'
import { greeksRows, pcrUpdate } from './greeksRows.ts'

/** Of tiers that are not sent less. */
export const GREEKS_CADENCE_MS = 1_000

export interface GreeksState {
  /** As each update says it. */
  readonly asOfMs: number
  readonly messages: readonly {
    /** Contract, or that of the ratio. */
    readonly key: string
    /** Without the time, which alone is no news. */
    readonly figures: string
    readonly text: string
  }[]
}

export function greeksState(book: ChainBook, published: Published): GreeksState {
  const rows = greeksRows(book, published).map((row) => ({
    key: row.data.instrumentKey,
    figures: JSON.stringify({ ...row.data, timestamp: 0 }),
    text: JSON.stringify(row),
  }))
  const pcr = JSON.stringify(pcrUpdate(book, published))
  return { asOfMs: published.frame.asOfMs, messages: [...rows, { key: 'pcr', figures: pcr, text: pcr }] }
}

export class GreeksFeed {
  readonly #everyMs: number
  #messages: GreeksState['messages'] = []
  #toldMs = Number.NEGATIVE_INFINITY

  constructor(everyMs: number) {
    this.#everyMs = everyMs
  }

  /** As of the last time; none before the first. */
  get told(): readonly string[] {
    return this.#messages.map(({ text }) => text)
  }

  /** 0 when it may tell what changed, else how long to wait. */
  delayMs(nowMs: number): number {
    return Math.max(0, this.#toldMs + this.#everyMs - nowMs)
  }

  /** The messages that say what changed since the last time. */
  tell({ messages }: GreeksState, nowMs: number): string[] {
    const told = new Map(this.#messages.map(({ key, figures }) => [key, figures]))
    const news = messages.filter(({ key, figures }) => told.get(key) !== figures)
    this.#toldMs = nowMs
    this.#messages = messages
    return news.map(({ text }) => text)
  }
}
