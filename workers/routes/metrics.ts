/**
 * `GET /v1/metrics/:symbol?family=…&bands=true`: figures with unit, method, quality and reason, by family.
 * `GET /v1/explain/:symbol/:metric`: one of them with everything it rests on.
 * `GET /v1/methods`: what every metric means.
 */
import { Hono } from 'hono'
import { METRIC_FAMILIES, MetricsSchema, type Methods, type MetricFamily } from '#schemas/rest/metrics'
import { AnalyticsQuerySchema, MetricsQuerySchema } from '#schemas/rest/query'
import { familyOf } from '#quant/metrics/evaluate'
import { METRICS, metricOf } from '#quant/metrics/registry'
import type { AppEnv } from '../appEnv.ts'
import { AppError, unavailable } from '../middleware/errors/AppError.ts'
import { describe } from '../openapi/describe.ts'
import { readSymbol, type SymbolStub } from '../symbol/symbolObject.ts'
import { analyticsAnswer } from './analyticsAnswer.ts'
import { guard } from './guard.ts'
import { hotView, neverHadData } from './hotView.ts'
import { readQueryOfNow } from './parameters.ts'

export const metrics = new Hono<AppEnv>()

/** Whole matrices are asked for by name. */
const BY_DEFAULT = METRIC_FAMILIES.filter(
  (family) => !['gammatrix', 'ivSurface', 'convention'].includes(family),
)

const aboutMetrics = describe({
  id: 'readMetrics',
  tag: 'Metrics',
  summary: 'Every figure with unit, method, quality and reason, by family',
  access: 'metrics',
  ofSymbol: true,
  query: MetricsQuerySchema,
  answer: 'Metrics',
})

metrics.get('/v1/metrics/:symbol', aboutMetrics, guard('metrics'), async (c) => {
  const symbol = c.get('symbol')
  const { family, bands } = readQueryOfNow(c, MetricsQuerySchema)
  const families = familiesOf(family)
  const withBands = bands === 'true'
  const variant = [...families, ...(withBands ? ['bands'] : [])].join('.')
  const read = (stub: SymbolStub) => stub.readMetrics({ families, withBands })
  const answer = await hotView(c, { kind: 'metrics', variant, schema: MetricsSchema, read })
  if (answer === null) throw neverHadData(symbol)
  return analyticsAnswer(c, answer.value, { variant, ...(answer.from === 'cache' ? { note: answer } : {}) })
})

const aboutExplanation = describe({
  id: 'explainMetric',
  tag: 'Metrics',
  summary: 'What one figure rests on, down to contracts',
  access: 'metrics',
  ofSymbol: true,
  query: AnalyticsQuerySchema,
  answer: 'Explanation',
  problems: ['unknown_metric'],
})

metrics.get('/v1/explain/:symbol/:metric', aboutExplanation, guard('metrics'), async (c) => {
  const symbol = c.get('symbol')
  readQueryOfNow(c, AnalyticsQuerySchema)
  const id = c.req.param('metric')
  if (metricOf(id) === null) {
    throw new AppError(
      'unknown_metric',
      `expected a metric of /v1/methods, was ${JSON.stringify(id.slice(0, 60))}`,
    )
  }
  const answer = await readSymbol(c.env, symbol, (stub) => stub.readExplanation(id))
  if (answer === null) throw unavailable(`there is no price of ${symbol} yet, and nothing to explain`)
  return analyticsAnswer(c, answer, { variant: id })
})

const aboutMethods = describe({
  id: 'listMethods',
  tag: 'Metrics',
  summary: 'What every figure means, its formula and source',
  access: 'public',
  answer: 'Methods',
})

metrics.get('/v1/methods', aboutMethods, (c) => {
  c.header('Cache-Control', 'public, max-age=3600')
  return c.json({ data: METHODS } satisfies Methods)
})

const METHODS: Methods['data'] = METRICS.map((metric) => {
  const { id, title, unit, method, usesSignModel, meaning, formula, source } = metric
  return { id, family: familyOf(metric), title, unit, method, usesSignModel, meaning, formula, source }
})

/** In their own order. */
function familiesOf(given: string | undefined): readonly MetricFamily[] {
  if (given === undefined) return BY_DEFAULT
  const named = given.split(',')
  return METRIC_FAMILIES.filter((family) => named.includes(family))
}
