/**
 * Sockets of frames: `/ws/v1`, which takes any channels, goes to a relay; `/ws/gamma-compact/:symbol` and
 * `/ws/greeks/:symbol` to the symbol's object, the first of them to a relay of the symbol when that is full.
 */
import { Hono } from 'hono'
import { TIER_LIMITS } from '#schemas/tiers'
import type { AppEnv, Caller } from '../appEnv.ts'
import { describe } from '../openapi/describe.ts'
import { AppError, unavailable } from '../middleware/errors/AppError.ts'
import { openOnRelay } from '../stream/relay.ts'
import { upgradeRequest } from '../stream/upgradeRequest.ts'
import { objectFailure, symbolStub } from '../symbol/symbolObject.ts'
import { guardSocket } from './guard.ts'
import { requireUpgrade } from './requireUpgrade.ts'

export const stream = new Hono<AppEnv>()

const CADENCE = `Below pro, one frame in ${TIER_LIMITS.free.frameEveryMs / 1_000} s: the newest.`

const aboutStream = describe({
  id: 'stream',
  tag: 'Streams',
  summary: 'Snapshots and deltas of any symbols, with resume',
  description:
    'Subscribe with `{"op":"subscribe","channels":[…]}`; each channel is checked as scope `stream`. ' +
    `${CADENCE} \`hello\` says it as \`frameEveryMs\`.`,
  access: 'socket',
  answer: 'socket',
})

stream.get('/ws/v1', aboutStream, guardSocket('socket'), requireUpgrade, async (c) => {
  const caller = c.get('caller')
  const opened = openOnRelay(c.env, upgradeRequest(c.req.raw, caller), null, caller.subject)
  const response = await opened.catch((cause: unknown) => {
    throw unavailable('the relay is not reachable: try again', cause)
  })
  return orProblem(caller, response)
})

const aboutFrames = describe({
  id: 'streamGammaFrames',
  tag: 'Streams',
  summary: 'The live frames of one symbol, JSON or binary by sub-protocol',
  description: CADENCE,
  access: 'stream',
  ofSymbol: true,
  answer: 'socket',
})

stream.get('/ws/gamma-compact/:symbol', aboutFrames, guardSocket('stream'), requireUpgrade, async (c) => {
  const symbol = c.get('symbol')
  const caller = c.get('caller')
  const open = async () => {
    const response = await symbolStub(c.env, symbol).fetch(upgradeRequest(c.req.raw, caller))
    if (response.status !== 503) return response
    return openOnRelay(c.env, upgradeRequest(c.req.raw, caller), symbol, caller.subject)
  }
  return orProblem(caller, await orObjectFailure(symbol, open()))
})

const aboutGreeks = describe({
  id: 'streamGreeks',
  tag: 'Streams',
  summary: 'Greeks of the front expiry and the put-call ratio as they change',
  access: 'stream',
  ofSymbol: true,
  answer: 'socket',
})

stream.get('/ws/greeks/:symbol', aboutGreeks, guardSocket('stream'), requireUpgrade, async (c) => {
  const symbol = c.get('symbol')
  const caller = c.get('caller')
  const opened = symbolStub(c.env, symbol).fetch(upgradeRequest(c.req.raw, caller))
  return orProblem(caller, await orObjectFailure(symbol, opened))
})

/** What the object answered, untouched: a rebuilt response would lose its socket, a re-paired socket its hibernation. */
function orProblem({ tier }: Caller, response: Response): Response {
  const headers = { 'Retry-After': response.headers.get('retry-after') ?? '1' }
  // The object has no tolerance: a socket that ends at once is of no use.
  if (response.status === 401) throw new AppError('expired_token', 'the token has expired: get a new one')
  if (response.status === 429) {
    const detail = `expected at most ${TIER_LIMITS[tier].sockets} sockets of a caller at once, was one more`
    throw new AppError('rate_limited', detail, { headers })
  }
  if (response.status === 503)
    throw new AppError('unavailable', 'there is no room for another socket: try again', { headers })
  return response
}

function orObjectFailure<T>(symbol: string, call: Promise<T>): Promise<T> {
  return call.catch((cause: unknown) => {
    throw objectFailure(symbol, cause)
  })
}
