/** Reading JSON of foreign origin without believing it. */
import { excerpt } from './snapshot.ts'

export type Fields = Readonly<Record<string, unknown>>

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** NaN for anything that is not a JSON number. */
export function numeric(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN
}

/** What was found, for a message. */
export function describe(value: unknown): string {
  return value === undefined ? 'nothing' : excerpt(JSON.stringify(value))
}
