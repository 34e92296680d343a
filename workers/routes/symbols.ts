/** `GET /v1/symbols`: every symbol that ever had data. */
import { Hono } from 'hono'
import type { Symbols } from '#schemas/rest/models'
import type { AppEnv } from '../appEnv.ts'
import { orUnavailable } from '../middleware/errors/AppError.ts'
import { listSymbols } from '../storage/symbolDirectory.ts'
import { guard } from './guard.ts'

export const symbols = new Hono<AppEnv>()

symbols.get('/v1/symbols', guard('symbols'), async (c) => {
  const entries = await orUnavailable('the list of symbols', () => listSymbols(c.env.DB))
  const answer: Symbols = {
    data: entries.map(({ lastSeenMs, ...entry }) => ({
      ...entry,
      lastSeen: new Date(lastSeenMs).toISOString(),
    })),
  }
  c.header('Cache-Control', 'private, max-age=1')
  c.header('Vary', 'Authorization')
  return c.json(answer)
})
