/** `GET /v1/levels/:symbol`: flips, walls, max pain, put-call ratios. */
import { Hono } from 'hono'
import { LevelsSchema } from '#schemas/rest/models'
import type { AppEnv } from '../appEnv.ts'
import { analyticsAnswer } from './analyticsAnswer.ts'
import { guard } from './guard.ts'
import { hotView, neverHadData } from './hotView.ts'

export const levels = new Hono<AppEnv>()

levels.get('/v1/levels/:symbol', guard('levels'), async (c) => {
  const symbol = c.get('symbol')
  const answer = await hotView(c.env, 'levels', symbol, LevelsSchema, (stub) => stub.readLevels())
  if (answer === null) throw neverHadData(symbol)
  return analyticsAnswer(c, answer.value, answer.from === 'cache' ? { note: answer } : {})
})
