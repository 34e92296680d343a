/** `GET /v1/volatility/:symbol`: smiles in short, term structure, skew, expected moves. */
import { Hono } from 'hono'
import { VolatilitySchema } from '#schemas/rest/volatility'
import type { AppEnv } from '../appEnv.ts'
import { analyticsAnswer } from './analyticsAnswer.ts'
import { guard } from './guard.ts'
import { hotView, neverHadData } from './hotView.ts'

export const volatility = new Hono<AppEnv>()

volatility.get('/v1/volatility/:symbol', guard('volatility'), async (c) => {
  const symbol = c.get('symbol')
  const answer = await hotView(c.env, 'volatility', symbol, VolatilitySchema, (stub) => stub.readVolatility())
  if (answer === null) throw neverHadData(symbol)
  return analyticsAnswer(c, answer.value, answer.from === 'cache' ? { note: answer } : {})
})
