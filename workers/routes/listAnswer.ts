/** A list of ours, which has no market time and so no envelope, as a table; and the link to the next page of any. */
import type { Context } from 'hono'
import type * as v from 'valibot'
import type { Shape } from '#schemas/rest/query'
import { columnsOf, namesOf } from '#schemas/rest/table'
import type { AppEnv } from '../appEnv.ts'
import { tableFile, tableFormat, type Row } from './tableAnswer.ts'
import { varyBy } from './varyBy.ts'

export function listAnswer<R extends Row>(
  c: Context<AppEnv>,
  schema: v.ObjectSchema<v.ObjectEntries, undefined>,
  rows: readonly R[],
  { shape, page = {} }: { readonly shape: Shape; readonly page?: { readonly nextCursor?: string | null } },
): Response {
  c.header('Cache-Control', 'private, max-age=1')
  c.header('Vary', varyBy(['Accept']))
  linkNextPage(c, page.nextCursor ?? null)
  const names = namesOf(schema)
  const format = tableFormat(c)
  if (format !== 'json') return tableFile(c, format, { names, rows })
  return c.json({ data: shape === 'columns' ? columnsOf<Row>(names, rows) : rows, ...page })
}

/** RFC 8288: the address just read, from the cursor on. */
export function linkNextPage(c: Context<AppEnv>, nextCursor: string | null): void {
  if (nextCursor === null) return
  const next = new URL(c.req.url)
  next.searchParams.set('cursor', nextCursor)
  c.header('Link', `<${next.pathname}${next.search}>; rel="next"`)
}
