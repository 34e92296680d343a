/** `GET /v1/chain/:symbol?expiry&right&limit&cursor`: the contracts, a page at a time. */
import { Hono } from 'hono'
import type { ChainQuery } from '#durable-objects/symbol/contract'
import type { AppEnv } from '../appEnv.ts'
import { invalidParameter } from '../middleware/errors/AppError.ts'
import { readSymbol } from '../symbol/symbolObject.ts'
import { analyticsAnswer } from './analyticsAnswer.ts'
import { guard } from './guard.ts'
import { neverHadData } from './hotView.ts'
import { choiceParameter, dateParameter, integerParameter } from './parameters.ts'

const DEFAULT_ROWS = 200
const MAX_ROWS = 1_000
const MAX_CURSOR_CHARACTERS = 128

export const chain = new Hono<AppEnv>()

chain.get('/v1/chain/:symbol', guard('chain'), async (c) => {
  const symbol = c.get('symbol')
  const query = chainQuery((name) => c.req.query(name))
  const page = await readSymbol(c.env, symbol, (stub) => stub.readChain(query))
  if (page === null) throw neverHadData(symbol)
  const { nextCursor, stateHash } = page.data
  if (nextCursor !== null) {
    const next = new URL(c.req.url)
    next.searchParams.set('cursor', nextCursor)
    c.header('Link', `<${next.pathname}${next.search}>; rel="next"`)
  }
  // Quotes move between two frames of one sequence; the state hash tells those answers apart.
  return analyticsAnswer(c, page, { variant: stateHash.slice(0, 16) })
})

function chainQuery(parameter: (name: string) => string | undefined): ChainQuery {
  const expiry = dateParameter('expiry', parameter('expiry'))
  const right = choiceParameter('right', parameter('right'), ['call', 'put'])
  const limit = integerParameter('limit', parameter('limit'), { fallback: DEFAULT_ROWS, max: MAX_ROWS })
  // The object wrote it and reads it; here only its size is bounded.
  const cursor = parameter('cursor')
  if (cursor !== undefined && cursor.length > MAX_CURSOR_CHARACTERS)
    throw invalidParameter('cursor', 'expected a cursor of an earlier answer, was something longer')
  return {
    limit,
    ...(expiry === undefined ? {} : { expiry }),
    ...(right === undefined ? {} : { right }),
    ...(cursor === undefined ? {} : { cursor }),
  }
}
