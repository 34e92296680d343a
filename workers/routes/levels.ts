/** `GET /v1/levels/:symbol`: flips, walls, max pain, put-call ratios. */
import { Hono } from 'hono'
import { LevelsSchema } from '#schemas/rest/models'
import { AnalyticsQuerySchema } from '#schemas/rest/query'
import type { AppEnv } from '../appEnv.ts'
import { describe } from '../openapi/describe.ts'
import type { SymbolStub } from '../symbol/symbolObject.ts'
import { analyticsAnswer } from './analyticsAnswer.ts'
import { guard } from './guard.ts'
import { hotView, neverHadData } from './hotView.ts'
import { readQueryOfNow } from './parameters.ts'

export const levels = new Hono<AppEnv>()

const about = describe({
  id: 'readLevels',
  tag: 'Analytics',
  summary: 'Flips, walls, max pain and put-call ratios',
  access: 'levels',
  ofSymbol: true,
  query: AnalyticsQuerySchema,
  answer: 'Levels',
})

levels.get('/v1/levels/:symbol', about, guard('levels'), async (c) => {
  const symbol = c.get('symbol')
  readQueryOfNow(c, AnalyticsQuerySchema)
  const read = (stub: SymbolStub) => stub.readLevels()
  const answer = await hotView(c, { kind: 'levels', schema: LevelsSchema, read })
  if (answer === null) throw neverHadData(symbol)
  return analyticsAnswer(c, answer.value, answer.from === 'cache' ? { note: answer } : {})
})
