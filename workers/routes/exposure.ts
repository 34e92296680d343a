/** `GET /v1/exposure/:symbol`, `/strikes` and `/timeline`: exposure by strike, expiry, spot and time. */
import { Hono } from 'hono'
import { ExposureSchema, StrikeRowSchema, type Exposure, type StrikeRow } from '#schemas/rest/models'
import { AnalyticsQuerySchema, StrikesQuerySchema } from '#schemas/rest/query'
import { columnsOf, namesOf } from '#schemas/rest/table'
import type { AppEnv } from '../appEnv.ts'
import { describe } from '../openapi/describe.ts'
import { readSymbol, type SymbolStub } from '../symbol/symbolObject.ts'
import { analyticsAnswer } from './analyticsAnswer.ts'
import { guard } from './guard.ts'
import { hotView, neverHadData } from './hotView.ts'
import { readQueryOfNow } from './parameters.ts'

export const exposure = new Hono<AppEnv>()

const EXPOSURE = {
  kind: 'exposure',
  schema: ExposureSchema,
  read: (stub: SymbolStub) => stub.readExposure(),
} as const

const aboutExposure = describe({
  id: 'readExposure',
  tag: 'Analytics',
  summary: 'Exposure by strike, expiry and spot, of every greek and under each sign model',
  access: 'exposure',
  ofSymbol: true,
  query: AnalyticsQuerySchema,
  answer: 'Exposure',
})

exposure.get('/v1/exposure/:symbol', aboutExposure, guard('exposure'), async (c) => {
  const symbol = c.get('symbol')
  readQueryOfNow(c, AnalyticsQuerySchema)
  const answer = await hotView(c, EXPOSURE)
  if (answer === null) throw neverHadData(symbol)
  return analyticsAnswer(c, answer.value, answer.from === 'cache' ? { note: answer } : {})
})

const aboutStrikes = describe({
  id: 'readStrikes',
  tag: 'Analytics',
  summary: 'Gamma exposure by strike, as a table',
  access: 'exposure',
  ofSymbol: true,
  query: StrikesQuerySchema,
  answer: ['Strikes', 'StrikesColumns'],
})

exposure.get('/v1/exposure/:symbol/strikes', aboutStrikes, guard('exposure'), async (c) => {
  const symbol = c.get('symbol')
  const { shape } = readQueryOfNow(c, StrikesQuerySchema)
  const answer = await hotView(c, EXPOSURE)
  if (answer === null) throw neverHadData(symbol)
  const { data, meta } = answer.value
  const { spotPrice } = data
  const names = namesOf(StrikeRowSchema)
  const rows = strikeRows(data.strikes)
  const view = shape === 'columns' ? { spotPrice, columns: columnsOf(names, rows) } : { spotPrice, rows }
  const note = answer.from === 'cache' ? { note: answer } : {}
  return analyticsAnswer(c, { data: view, meta }, { variant: shape, table: { names, rows }, ...note })
})

function strikeRows({ strike, callGex, putGex }: Exposure['data']['strikes']): StrikeRow[] {
  return strike.map((price, i) => {
    const [call = 0, put = 0] = [callGex[i], putGex[i]]
    return { strike: price, callGex: call, putGex: put, netGex: call + put }
  })
}

const aboutTimeline = describe({
  id: 'readTimeline',
  tag: 'Analytics',
  summary: 'Net exposure through the session',
  access: 'exposure',
  ofSymbol: true,
  query: AnalyticsQuerySchema,
  answer: 'Timeline',
})

exposure.get('/v1/exposure/:symbol/timeline', aboutTimeline, guard('exposure'), async (c) => {
  const symbol = c.get('symbol')
  readQueryOfNow(c, AnalyticsQuerySchema)
  const timeline = await readSymbol(c.env, symbol, (stub) => stub.readTimeline())
  if (timeline === null) throw neverHadData(symbol)
  return analyticsAnswer(c, timeline)
})
