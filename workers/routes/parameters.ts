/** Query parameters, parsed at the door by their schemas. Unknown ones are ignored; wrong ones are named. */
import type { Context } from 'hono'
import * as v from 'valibot'
import type { AppEnv } from '../appEnv.ts'
import { decodeBase64url, encodeBase64url } from '../auth/base64url.ts'
import { AppError, invalidParameter } from '../middleware/errors/AppError.ts'

export type QuerySchema = v.ObjectSchema<v.ObjectEntries, undefined>

/** A parameter given several times reads as its values by comma, which only a list takes. */
export function readQuery<T extends QuerySchema>(c: Context<AppEnv>, schema: T): v.InferOutput<T> {
  const given = new Map<string, string>()
  for (const name of Object.keys(schema.entries)) {
    const values = c.req.queries(name)
    if (values !== undefined) given.set(name, values.join(','))
  }
  const parsed = v.safeParse(schema, Object.fromEntries(given))
  if (parsed.success) return parsed.output
  const [issue] = parsed.issues
  const field = v.getDotPath(issue) ?? 'query'
  throw invalidParameter(
    field,
    `${issue.message}, was ${JSON.stringify((given.get(field) ?? '').slice(0, 40))}`,
  )
}

/** Of a route that answers as of now. History is not kept in a form that gives the same answer for a past instant yet. */
export function readQueryOfNow<T extends QuerySchema>(c: Context<AppEnv>, schema: T): v.InferOutput<T> {
  const query = readQuery(c, schema)
  const { at } = query as { readonly at?: string }
  if (at === undefined) return query
  if (Date.parse(at) > Date.now()) throw invalidParameter('at', `expected an instant of the past, was ${at}`)
  throw new AppError(
    'history_not_available',
    `at: answers as of a past instant are not available yet, was ${at}; leave it out for the present one, or read the recorded minutes of /v1/snapshots`,
  )
}

/** Cursors are opaque to clients: base64url of the last key of the page before. */
export function encodeCursor(key: string): string {
  return encodeBase64url(new TextEncoder().encode(key))
}

/** `pattern` is what a key looks like: a cursor is client input like any other. */
export function decodeCursor(text: string, pattern: RegExp): string {
  const bytes = decodeBase64url(text)
  const key = bytes === null ? '' : new TextDecoder().decode(bytes)
  if (pattern.test(key)) return key
  throw invalidParameter('cursor', 'expected a cursor of an earlier answer, was something else')
}
