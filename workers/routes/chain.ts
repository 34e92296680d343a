/** `GET /v1/chain/:symbol?expiry&right&limit&cursor`: the contracts, a page at a time, as the caller's tier may see them. */
import { Hono } from 'hono'
import type * as v from 'valibot'
import type { ChainQuery } from '#durable-objects/symbol/contract'
import { ChainRowSchema, type ChainPage } from '#schemas/rest/models'
import { ChainQuerySchema } from '#schemas/rest/query'
import { columnsOf, namesOf } from '#schemas/rest/table'
import { TIER_LIMITS } from '#schemas/tiers'
import type { AppEnv } from '../appEnv.ts'
import { describe } from '../openapi/describe.ts'
import { readSymbol } from '../symbol/symbolObject.ts'
import { analyticsAnswer } from './analyticsAnswer.ts'
import { guard } from './guard.ts'
import { neverHadData } from './hotView.ts'
import { linkNextPage } from './listAnswer.ts'
import { readQueryOfNow } from './parameters.ts'
import { tooEarly } from './tooEarly.ts'

export const chain = new Hono<AppEnv>()

const about = describe({
  id: 'readChain',
  tag: 'Analytics',
  summary: 'The contracts with quotes, open interest, volatility and greeks, a page at a time',
  description: `${tiersNote()} Each page says what it left out in \`depth\`, and in \`delay\` how old it has to be.`,
  access: 'chain',
  ofSymbol: true,
  query: ChainQuerySchema,
  answer: ['Chain', 'ChainColumns'],
  problems: ['too_early'],
})

chain.get('/v1/chain/:symbol', about, guard('chain'), async (c) => {
  const symbol = c.get('symbol')
  const query = readQueryOfNow(c, ChainQuerySchema)
  const { tier } = c.get('caller')
  const page = await readSymbol(c.env, symbol, (stub) => stub.readChain(pageQuery(query), tier))
  if (page === null) throw neverHadData(symbol)
  if ('fromMs' in page) throw tooEarly(`a live chain of ${symbol}`, page.fromMs, Date.now())
  const { rows, ...rest } = page.data
  linkNextPage(c, rest.nextCursor)
  const names = namesOf(ChainRowSchema)
  const data = query.shape === 'columns' ? { ...rest, columns: columnsOf(names, rows) } : page.data
  const variant = [variantOf(page.data), query.shape].join('-')
  return analyticsAnswer(c, { data, meta: page.meta }, { variant, table: { names, rows } })
})

/** Quotes move between two frames of one sequence, which the state hash tells; the rest is what tiers make of a state. */
function variantOf({ stateHash, depth, delay }: ChainPage['data']): string {
  const parts = [stateHash.slice(0, 16)]
  if (depth !== null) parts.push(`${depth.expiries}x${depth.strikesEachSide}`)
  if (delay !== null) parts.push('delayed')
  return parts.join('-')
}

function tiersNote(): string {
  const { depth, rawDelayMs } = TIER_LIMITS.free
  if (depth === null) return ''
  return `Below tier \`pro\` a chain that is not synthetic has its nearest ${depth.expiries} settlement dates with ${depth.strikesEachSide} strikes on either side of spot, and one of a live market is at least ${rawDelayMs / 60_000} minutes old.`
}

/** The object wrote the cursor and reads it; here only its size is bounded. */
function pageQuery({ expiry, right, limit, cursor }: v.InferOutput<typeof ChainQuerySchema>): ChainQuery {
  return {
    limit,
    ...(expiry === undefined ? {} : { expiry }),
    ...(right === undefined ? {} : { right }),
    ...(cursor === undefined ? {} : { cursor }),
  }
}
