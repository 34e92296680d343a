/** `GET /v1/usage?day`: the caller's own calls on one UTC day, today by default. Asking is not counted. */
import { Hono } from 'hono'
import { every } from 'hono/combine'
import { usageOf } from '#durable-objects/usage/usageClient'
import type { Usage } from '#schemas/rest/models'
import { UsageQuerySchema } from '#schemas/rest/query'
import type { AppEnv } from '../appEnv.ts'
import { authenticate } from '../middleware/auth/authenticate.ts'
import { orUnavailable } from '../middleware/errors/AppError.ts'
import { requireScope } from '../middleware/tier/requireScope.ts'
import { utcDay } from '../middleware/usage/countUsage.ts'
import { describe } from '../openapi/describe.ts'
import { readQuery } from './parameters.ts'

export const usage = new Hono<AppEnv>()

const about = describe({
  id: 'readUsage',
  tag: 'Access',
  summary: 'The calls of the caller on one UTC day',
  access: 'usage',
  query: UsageQuerySchema,
  answer: 'Usage',
})

usage.get('/v1/usage', about, every(authenticate, requireScope('usage')), async (c) => {
  const { subject, tier } = c.get('caller')
  const day = readQuery(c, UsageQuerySchema).day ?? utcDay(Date.now())
  const byRoute = await orUnavailable('the usage meter', () => usageOf(c.env.USAGE, subject).readDay(day))
  const calls = Object.values(byRoute).reduce((sum, count) => sum + count, 0)
  const answer: Usage = { data: { caller: subject, tier, day, calls, byRoute: { ...byRoute } } }
  c.header('Cache-Control', 'no-store')
  return c.json(answer)
})
