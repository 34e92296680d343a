/** Query parameters, parsed at the door. Unknown ones are ignored; wrong ones are named. */
import { decodeBase64url, encodeBase64url } from '../auth/base64url.ts'
import { invalidParameter } from '../middleware/errors/AppError.ts'

export function integerParameter(
  field: string,
  text: string | undefined,
  { fallback, max }: { readonly fallback: number; readonly max: number },
): number {
  if (text === undefined) return fallback
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= max) return value
  throw invalidParameter(field, `expected an integer from 1 to ${max}, was ${quoted(text)}`)
}

/** A real calendar date `YYYY-MM-DD`. */
export function dateParameter(field: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const ms = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  // A day such as 02-30 rolls over in parsers that accept it.
  if (!Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)) return text
  throw invalidParameter(field, `expected a date YYYY-MM-DD, was ${quoted(text)}`)
}

export function choiceParameter<T extends string>(
  field: string,
  text: string | undefined,
  choices: readonly T[],
): T | undefined {
  if (text === undefined) return undefined
  const choice = choices.find((candidate) => candidate === text)
  if (choice !== undefined) return choice
  throw invalidParameter(field, `expected ${choices.join(' or ')}, was ${quoted(text)}`)
}

/** Cursors are opaque to clients: base64url of the last key of the page before. */
export function encodeCursor(key: string): string {
  return encodeBase64url(new TextEncoder().encode(key))
}

/** `pattern` is what a key looks like: a cursor is client input like any other. */
export function cursorParameter(text: string | undefined, pattern: RegExp): string | undefined {
  if (text === undefined) return undefined
  const bytes = decodeBase64url(text)
  const key = bytes === null ? '' : new TextDecoder().decode(bytes)
  if (pattern.test(key)) return key
  throw invalidParameter('cursor', 'expected a cursor of an earlier answer, was something else')
}

function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 40))
}
