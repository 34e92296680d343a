/** `{data, meta}`, or the file of a table in it, with the headers that let a reader revalidate instead of download. */
import type { Context } from 'hono'
import type { Meta } from '#schemas/rest/envelope'
import type { AppEnv } from '../appEnv.ts'
import { tableFile, tableFormat, type Table } from './tableAnswer.ts'
import { varyBy } from './varyBy.ts'

export interface CacheNote {
  readonly ageMs: number
  readonly isStale: boolean
}

export interface AnswerOptions {
  readonly variant?: string
  readonly note?: CacheNote
  readonly table?: Omit<Table, 'meta'>
}

/**
 * `variant` tells apart answers of one address and position that differ, e.g. by a state hash. `note` is given when
 * the answer came out of the hot cache, `table` when it can be had as a file.
 */
export function analyticsAnswer<T extends { readonly meta: Meta }>(
  c: Context<AppEnv>,
  view: T,
  { variant = '', note, table }: AnswerOptions = {},
): Response {
  const answer = note?.isStale ? asStale(view) : view
  const format = table ? tableFormat(c) : 'json'
  c.header('ETag', entityTag(answer.meta, [variant, format === 'json' ? '' : format]))
  c.header('Cache-Control', 'private, max-age=1')
  c.header('Vary', varyBy(table ? ['Accept'] : []))
  if (note) {
    const ageSeconds = Math.floor(Math.max(0, note.ageMs) / 1000)
    c.header('Age', String(ageSeconds))
    // RFC 9211; the negative ttl says for how long it has been stale.
    const detail = note.isStale ? `; ttl=-${ageSeconds}; detail="object out of reach"` : ''
    c.header('Cache-Status', `flipwire; hit${detail}`)
  }
  if (table === undefined || format === 'json')
    return c.body(jsonOf(answer), 200, { 'Content-Type': 'application/json' })
  return tableFile(c, format, { ...table, meta: answer.meta })
}

const writtenAnswers = new WeakMap<object, string>()

/** Written once for all readers of one cached answer, which is frozen so that it stays what was written. */
function jsonOf(answer: object): string {
  if (!Object.isFrozen(answer)) return JSON.stringify(answer)
  const held = writtenAnswers.get(answer)
  if (held !== undefined) return held
  const text = JSON.stringify(answer)
  writtenAnswers.set(answer, text)
  return text
}

/**
 * `"SPX-3-120"`: symbol, epoch, sequence. Freshness is part of the answer and moves with the clock, not with the
 * sequence, so anything but `fresh` is spelled out: a 304 must never keep "fresh" alive on a reader's screen.
 */
function entityTag(meta: Meta, variants: readonly string[]): string {
  const { symbol, epoch, sequence, quality } = meta
  const parts = [symbol, epoch, sequence]
  if (quality.freshness !== 'fresh') parts.push(quality.freshness)
  parts.push(...variants.filter((variant) => variant !== ''))
  return `"${parts.join('-')}"`
}

/** A copy that says so itself, because headers get lost on the way to a chart. */
function asStale<T extends { readonly meta: Meta }>(view: T): T {
  const { quality } = view.meta
  if (quality.freshness !== 'fresh') return view
  return { ...view, meta: { ...view.meta, quality: { ...quality, freshness: 'stale' } } }
}
