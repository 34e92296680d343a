/** Counts of a row that belong to one session: volume and what the prints among it say of buying and selling. */
import type { PrintEffect } from '#quant/flow/flowState'
import { isFlagged, ROW_FLAGS, type ChainBook } from './chainBook.ts'
import { sessionDateOf } from './sessionDates.ts'

/** Makes the row's counts those of the session of `eventMs`; false when the event is of an earlier session. */
export function openRowSession(book: ChainBook, row: number, eventMs: number): boolean {
  const { volumeMs, volumeDate, flags, rootIndex } = book.columns
  const held = volumeDate[row] as number
  const calendar = book.calendars[rootIndex[row] as number] as (typeof book.calendars)[number]
  const date = Number.isNaN(eventMs) ? held : sessionDateOf(calendar, eventMs)
  if (date < held && !isFlagged(book, row, ROW_FLAGS.carriedVolume)) {
    book.lateTicks += 1
    return false
  }
  if (isFlagged(book, row, ROW_FLAGS.carriedVolume)) volumeMs[row] = Number.NaN
  flags[row] = (flags[row] as number) & ~ROW_FLAGS.carriedVolume
  if (date !== held) startOver(book, row, date)
  return true
}

function startOver({ columns }: ChainBook, row: number, date: number): void {
  columns.volume[row] = 0
  columns.volumeMs[row] = Number.NaN
  columns.volumeDate[row] = date
  columns.signedFlow[row] = Number.NaN
  columns.unclassifiedFlow[row] = 0
}

/** `size` is negative for a cancel; volume does not fall below zero. */
export function addVolume({ columns }: ChainBook, row: number, size: number, eventMs: number): void {
  const { volume, volumeMs } = columns
  volume[row] = Math.max(0, (volume[row] as number) + size)
  if (!(eventMs < (volumeMs[row] as number))) volumeMs[row] = eventMs
}

export function addFlow({ columns }: ChainBook, row: number, { signed, unclassified }: PrintEffect): void {
  const { signedFlow, unclassifiedFlow } = columns
  unclassifiedFlow[row] = (unclassifiedFlow[row] as number) + unclassified
  if (signed === null) return
  const held = signedFlow[row] as number
  signedFlow[row] = (Number.isNaN(held) ? 0 : held) + signed
}
