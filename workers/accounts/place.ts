/** Where a request comes from, as far as it is kept. */
import type { Context } from 'hono'
import type { AppEnv } from '../appEnv.ts'
import { deviceName } from './deviceName.ts'
import type { Place } from './events.ts'
import { shortNetwork } from './shortNetwork.ts'

export function placeOf(c: Context<AppEnv>): Place {
  return {
    device: deviceName(c.req.header('User-Agent') ?? ''),
    network: shortNetwork(addressOf(c)),
  }
}

/** Set by Cloudflare, which lets no client set it; absent on one's own machine. */
export function addressOf(c: Context<AppEnv>): string | undefined {
  return c.req.header('CF-Connecting-IP')
}
