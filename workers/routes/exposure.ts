/** `GET /v1/exposure/:symbol` and `/timeline`: exposure by strike, expiry, spot and time. */
import { Hono } from 'hono'
import { ExposureSchema } from '#schemas/rest/models'
import type { AppEnv } from '../appEnv.ts'
import { readSymbol } from '../symbol/symbolObject.ts'
import { analyticsAnswer } from './analyticsAnswer.ts'
import { guard } from './guard.ts'
import { hotView, neverHadData } from './hotView.ts'

export const exposure = new Hono<AppEnv>()

exposure.get('/v1/exposure/:symbol', guard('exposure'), async (c) => {
  const symbol = c.get('symbol')
  const answer = await hotView(c.env, 'exposure', symbol, ExposureSchema, (stub) => stub.readExposure())
  if (answer === null) throw neverHadData(symbol)
  return analyticsAnswer(c, answer.value, answer.from === 'cache' ? { note: answer } : {})
})

exposure.get('/v1/exposure/:symbol/timeline', guard('exposure'), async (c) => {
  const symbol = c.get('symbol')
  const timeline = await readSymbol(c.env, symbol, (stub) => stub.readTimeline())
  if (timeline === null) throw neverHadData(symbol)
  return analyticsAnswer(c, timeline)
})
