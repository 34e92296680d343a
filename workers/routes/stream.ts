/**
 * Sockets of frames: `/ws/v1`, which takes any channels, goes to a relay; `/ws/gamma-compact/:symbol` and
 * `/ws/greeks/:symbol` to the symbol's object, the first of them to a relay of the symbol when that is full.
 */
import { Hono } from 'hono'
import type { AppEnv } from '../appEnv.ts'
import { describe } from '../openapi/describe.ts'
import { unavailable } from '../middleware/errors/AppError.ts'
import { openOnRelay } from '../stream/relay.ts'
import { upgradeRequest } from '../stream/upgradeRequest.ts'
import { objectFailure, symbolStub } from '../symbol/symbolObject.ts'
import { guardSocket } from './guard.ts'
import { requireUpgrade } from './requireUpgrade.ts'

export const stream = new Hono<AppEnv>()

const aboutStream = describe({
  id: 'stream',
  tag: 'Streams',
  summary: 'Snapshots and deltas of any symbols, with resume',
  description:
    'Subscribe with `{"op":"subscribe","channels":[…]}`; each channel is checked as scope `stream`.',
  access: 'socket',
  answer: 'socket',
})

stream.get('/ws/v1', aboutStream, guardSocket('socket'), requireUpgrade, async (c) => {
  const caller = c.get('caller')
  try {
    return await openOnRelay(c.env, upgradeRequest(c.req.raw, caller), null, caller.subject)
  } catch (cause) {
    throw unavailable('the relay is not reachable: try again', cause)
  }
})

const aboutFrames = describe({
  id: 'streamGammaFrames',
  tag: 'Streams',
  summary: 'The live frames of one symbol, JSON or binary by sub-protocol',
  access: 'stream',
  ofSymbol: true,
  answer: 'socket',
})

stream.get('/ws/gamma-compact/:symbol', aboutFrames, guardSocket('stream'), requireUpgrade, async (c) => {
  const symbol = c.get('symbol')
  const caller = c.get('caller')
  try {
    // Untouched: a rebuilt response would lose its socket, a re-paired socket its hibernation.
    const response = await symbolStub(c.env, symbol).fetch(upgradeRequest(c.req.raw, caller))
    if (response.status !== 503) return response
    return await openOnRelay(c.env, upgradeRequest(c.req.raw, caller), symbol, caller.subject)
  } catch (cause) {
    throw objectFailure(symbol, cause)
  }
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
  try {
    return await symbolStub(c.env, symbol).fetch(upgradeRequest(c.req.raw, c.get('caller')))
  } catch (cause) {
    throw objectFailure(symbol, cause)
  }
})
