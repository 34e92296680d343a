/**
 * Sockets of frames: `/ws/v1`, which takes any channels, goes to a relay; `/ws/gamma-compact/:symbol` and
 * `/ws/greeks/:symbol` to the symbol's object, the first of them to a relay of the symbol when that is full.
 */
import { Hono } from 'hono'
import type { AppEnv } from '../appEnv.ts'
import { unavailable } from '../middleware/errors/AppError.ts'
import { openOnRelay } from '../stream/relay.ts'
import { upgradeRequest } from '../stream/upgradeRequest.ts'
import { objectFailure, symbolStub } from '../symbol/symbolObject.ts'
import { guardSocket } from './guard.ts'
import { requireUpgrade } from './requireUpgrade.ts'

export const stream = new Hono<AppEnv>()

stream.get('/ws/v1', guardSocket('socket'), requireUpgrade, async (c) => {
  const caller = c.get('caller')
  try {
    return await openOnRelay(c.env, upgradeRequest(c.req.raw, caller), null, caller.subject)
  } catch (cause) {
    throw unavailable('the relay is not reachable: try again', cause)
  }
})

stream.get('/ws/gamma-compact/:symbol', guardSocket('stream'), requireUpgrade, async (c) => {
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

stream.get('/ws/greeks/:symbol', guardSocket('stream'), requireUpgrade, async (c) => {
  const symbol = c.get('symbol')
  try {
    return await symbolStub(c.env, symbol).fetch(upgradeRequest(c.req.raw, c.get('caller')))
  } catch (cause) {
    throw objectFailure(symbol, cause)
  }
})
