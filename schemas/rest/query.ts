/**
 * Query parameters of the REST routes. One schema parses them at the door, documents them and types the client. A message says
 * what was expected; what came is added where it is refused.
 */
import * as v from 'valibot'
import { METRIC_FAMILIES, type MetricFamily } from './metrics.ts'

const MAX_CURSOR_CHARACTERS = 128

/** From 1 to `max`. */
export function rows(fallback: number, max: number) {
  const message = `expected an integer from 1 to ${max}`
  return v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,6}$/, message),
      v.transform(Number),
      v.number(),
      v.integer(message),
      v.minValue(1, message),
      v.maxValue(max, message),
      v.description('Rows of a page.'),
    ),
    String(fallback),
  )
}

/** A day such as 02-30 rolls over in parsers that accept it. */
const isRealDay = (text: string) =>
  new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === Number(text.slice(8, 10))

function day(description: string) {
  const message = 'expected a date YYYY-MM-DD'
  return v.optional(
    v.pipe(v.string(), v.isoDate(message), v.check(isRealDay, message), v.description(description)),
  )
}

const INSTANT_MESSAGE = 'expected a UTC instant such as 2026-11-20T14:30:00Z'

export const instant = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?Z$/, INSTANT_MESSAGE),
  v.check(isRealDay, INSTANT_MESSAGE),
)

const at = v.optional(
  v.pipe(
    instant,
    v.description('The same answer as of a past instant, ISO 8601 UTC.'),
    v.examples(['2026-11-20T14:30:00Z']),
  ),
)

export const cursor = v.optional(
  v.pipe(
    v.string(),
    v.maxLength(MAX_CURSOR_CHARACTERS, 'expected a cursor of an earlier answer'),
    v.description('`nextCursor` of the page before; opaque.'),
  ),
)

export const SHAPES = ['rows', 'columns'] as const
export type Shape = (typeof SHAPES)[number]
const shape = v.optional(
  v.pipe(
    v.picklist(SHAPES, 'expected rows or columns'),
    v.description(
      'One object per row, or one array per column, which is smaller and loads into a data frame as it is.',
    ),
  ),
  'rows',
)

/** Of every route that answers numbers of one symbol. */
const AT_QUERY = { at }
/** Of every route whose answer is a table. */
export const TABLE_QUERY = { shape }

export const AnalyticsQuerySchema = v.object(AT_QUERY)

export const StrikesQuerySchema = v.object({ ...AT_QUERY, ...TABLE_QUERY })

export const SymbolsQuerySchema = v.object(TABLE_QUERY)

export const ChainQuerySchema = v.object({
  ...AT_QUERY,
  ...TABLE_QUERY,
  expiry: day('Settlement date; all expiries without it.'),
  right: v.optional(
    v.pipe(v.picklist(['call', 'put'], 'expected call or put'), v.description('Both without it.')),
  ),
  limit: rows(200, 1_000),
  cursor,
})

export const SnapshotsQuerySchema = v.object({ ...TABLE_QUERY, limit: rows(100, 1_000), cursor })

export const UsageQuerySchema = v.object({ day: day('UTC day; today without it.') })

export const DailyUsageQuerySchema = v.object({
  ...TABLE_QUERY,
  from: day('First UTC day; 35 days back without it, which is as long as usage is kept.'),
  to: day('Last UTC day; today without it.'),
  limit: rows(200, 1_000),
  cursor,
})

const FAMILY_MESSAGE = `expected ${METRIC_FAMILIES.join(' or ')}`
const isFamily = (text: string): text is MetricFamily => METRIC_FAMILIES.some((known) => known === text)

export const MetricsQuerySchema = v.object({
  ...AT_QUERY,
  family: v.optional(
    v.pipe(
      v.string(),
      v.check((text) => text.split(',').every(isFamily), FAMILY_MESSAGE),
      v.description(
        `Families by comma or given several times: ${METRIC_FAMILIES.join(', ')}. Without it all but gammatrix, ivSurface and convention.`,
      ),
      v.examples(['gammaPulse,volCube']),
    ),
  ),
  bands: v.optional(
    v.pipe(
      v.picklist(['true', 'false'], 'expected true or false'),
      v.description('How far each figure moves with its inputs. Takes ten times as long.'),
    ),
    'false',
  ),
})
