/** `GET /v1/volatility/:symbol`: smiles in short, term structure, skew, expected moves. */
import { Hono } from 'hono'
import { AnalyticsQuerySchema } from '#schemas/rest/query'
import { VolatilitySchema } from '#schemas/rest/volatility'
import type { AppEnv } from '../appEnv.ts'
import { describe } from '../openapi/describe.ts'
import type { SymbolStub } from '../symbol/symbolObject.ts'
import { analyticsAnswer } from './analyticsAnswer.ts'
import { guard } from './guard.ts'
import { hotView, neverHadData } from './hotView.ts'
import { readQueryOfNow } from './parameters.ts'

export const volatility = new Hono<AppEnv>()

const about = describe({
  id: 'readVolatility',
  tag: 'Analytics',
  summary: 'Smiles in short, term structure, skew and expected moves',
  access: 'volatility',
  ofSymbol: true,
  query: AnalyticsQuerySchema,
  answer: 'Volatility',
})

volatility.get('/v1/volatility/:symbol', about, guard('volatility'), async (c) => {
  const symbol = c.get('symbol')
  readQueryOfNow(c, AnalyticsQuerySchema)
  const read = (stub: SymbolStub) => stub.readVolatility()
  const answer = await hotView(c, { kind: 'volatility', schema: VolatilitySchema, read })
  if (answer === null) throw neverHadData(symbol)
  return analyticsAnswer(c, answer.value, answer.from === 'cache' ? { note: answer } : {})
})
