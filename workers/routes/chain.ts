/** `GET /v1/chain/:symbol?expiry&right&limit&cursor`: the contracts, a page at a time. */
import { Hono } from 'hono'
import type * as v from 'valibot'
import type { ChainQuery } from '#durable-objects/symbol/contract'
import { ChainRowSchema } from '#schemas/rest/models'
import { ChainQuerySchema } from '#schemas/rest/query'
import { columnsOf, namesOf } from '#schemas/rest/table'
import type { AppEnv } from '../appEnv.ts'
import { describe } from '../openapi/describe.ts'
import { readSymbol } from '../symbol/symbolObject.ts'
import { analyticsAnswer } from './analyticsAnswer.ts'
import { guard } from './guard.ts'
import { neverHadData } from './hotView.ts'
import { linkNextPage } from './listAnswer.ts'
import { readQueryOfNow } from './parameters.ts'

export const chain = new Hono<AppEnv>()

const about = describe({
  id: 'readChain',
  tag: 'Analytics',
  summary: 'The contracts with quotes, open interest, volatility and greeks, a page at a time',
  access: 'chain',
  ofSymbol: true,
  query: ChainQuerySchema,
  answer: ['Chain', 'ChainColumns'],
})

chain.get('/v1/chain/:symbol', about, guard('chain'), async (c) => {
  const symbol = c.get('symbol')
  const query = readQueryOfNow(c, ChainQuerySchema)
  const page = await readSymbol(c.env, symbol, (stub) => stub.readChain(pageQuery(query)))
  if (page === null) throw neverHadData(symbol)
  const { rows, ...rest } = page.data
  linkNextPage(c, rest.nextCursor)
  const names = namesOf(ChainRowSchema)
  const data = query.shape === 'columns' ? { ...rest, columns: columnsOf(names, rows) } : page.data
  // Quotes move between two frames of one sequence; the state hash tells those answers apart.
  const variant = `${rest.stateHash.slice(0, 16)}-${query.shape}`
  return analyticsAnswer(c, { data, meta: page.meta }, { variant, table: { names, rows } })
})

/** The object wrote the cursor and reads it; here only its size is bounded. */
function pageQuery({ expiry, right, limit, cursor }: v.InferOutput<typeof ChainQuerySchema>): ChainQuery {
  return {
    limit,
    ...(expiry === undefined ? {} : { expiry }),
    ...(right === undefined ? {} : { right }),
    ...(cursor === undefined ? {} : { cursor }),
  }
}
