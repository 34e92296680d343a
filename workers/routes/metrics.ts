/**
 * `GET /v1/metrics/:symbol?family=…&bands=true`: figures with unit, method, quality and reason, by family.
 * `GET /v1/explain/:symbol/:metric`: one of them with everything it rests on.
 * `GET /v1/methods`: what every metric means.
 */
import { Hono } from 'hono'
import { METRIC_FAMILIES, type Methods, type MetricFamily } from '#schemas/rest/metrics'
import { familyOf } from '#quant/metrics/evaluate'
import { METRICS, metricOf } from '#quant/metrics/registry'
import type { AppEnv } from '../appEnv.ts'
import { AppError, unavailable } from '../middleware/errors/AppError.ts'
import { readSymbol } from '../symbol/symbolObject.ts'
import { analyticsAnswer } from './analyticsAnswer.ts'
import { guard } from './guard.ts'
import { neverHadData } from './hotView.ts'
import { choiceParameter } from './parameters.ts'

export const metrics = new Hono<AppEnv>()

/** Whole matrices are asked for by name. */
const BY_DEFAULT = METRIC_FAMILIES.filter(
  (family) => !['gammatrix', 'ivSurface', 'convention'].includes(family),
)

metrics.get('/v1/metrics/:symbol', guard('metrics'), async (c) => {
  const symbol = c.get('symbol')
  const families = familiesOf(c.req.queries('family'))
  const withBands = choiceParameter('bands', c.req.query('bands'), ['true', 'false']) === 'true'
  const answer = await readSymbol(c.env, symbol, (stub) => stub.readMetrics({ families, withBands }))
  if (answer === null) throw neverHadData(symbol)
  return analyticsAnswer(c, answer, { variant: [...families, ...(withBands ? ['bands'] : [])].join('.') })
})

metrics.get('/v1/explain/:symbol/:metric', guard('metrics'), async (c) => {
  const symbol = c.get('symbol')
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

metrics.get('/v1/methods', (c) => {
  c.header('Cache-Control', 'public, max-age=3600')
  return c.json({ data: METHODS } satisfies Methods)
})

const METHODS: Methods['data'] = METRICS.map((metric) => {
  const { id, title, unit, method, usesSignModel, meaning, formula, source } = metric
  return { id, family: familyOf(metric), title, unit, method, usesSignModel, meaning, formula, source }
})

/** `?family=a&family=b` or `?family=a,b`, in the order of the families. */
function familiesOf(given: readonly string[] | undefined): readonly MetricFamily[] {
  if (given === undefined) return BY_DEFAULT
  const named = given.flatMap((text) => text.split(','))
  const families = new Set(named.map((name) => choiceParameter('family', name, METRIC_FAMILIES)))
  return METRIC_FAMILIES.filter((family) => families.has(family))
}
