/** `GET /v1/symbols`: every symbol that ever had data. */
import { Hono } from 'hono'
import { SymbolRowSchema } from '#schemas/rest/models'
import { SymbolsQuerySchema } from '#schemas/rest/query'
import type { AppEnv } from '../appEnv.ts'
import { orUnavailable } from '../middleware/errors/AppError.ts'
import { describe } from '../openapi/describe.ts'
import { listSymbols } from '../storage/symbolDirectory.ts'
import { guard } from './guard.ts'
import { listAnswer } from './listAnswer.ts'
import { readQuery } from './parameters.ts'

export const symbols = new Hono<AppEnv>()

const about = describe({
  id: 'listSymbols',
  tag: 'Service',
  summary: 'Every symbol that ever had data',
  access: 'symbols',
  query: SymbolsQuerySchema,
  answer: ['Symbols', 'SymbolsColumns'],
})

symbols.get('/v1/symbols', about, guard('symbols'), async (c) => {
  const { shape } = readQuery(c, SymbolsQuerySchema)
  const entries = await orUnavailable('the list of symbols', () => listSymbols(c.env.DB))
  // In the sandbox there are no other markets.
  const isSandbox = c.get('caller').key?.isSandbox === true
  const visible = entries.filter(({ feed }) => !isSandbox || feed === 'synthetic')
  const rows = visible.map(({ lastSeenMs, ...entry }) => ({
    ...entry,
    lastSeen: new Date(lastSeenMs).toISOString(),
  }))
  return listAnswer(c, SymbolRowSchema, rows, { shape })
})
