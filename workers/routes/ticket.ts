/** `POST /v1/ws-ticket`: what a browser puts into the address of a socket in place of its access token. */
import { Hono } from 'hono'
import type { SocketTicket } from '#schemas/claims'
import type { AppEnv } from '../appEnv.ts'
import { authKeys } from '../auth/authKeys.ts'
import { issueTicket } from '../auth/issueToken.ts'
import { describe } from '../openapi/describe.ts'
import { guardUncounted } from './guard.ts'

export const ticket = new Hono<AppEnv>()

const about = describe({
  id: 'issueSocketTicket',
  tag: 'Access',
  summary: 'A ticket that opens one socket within a minute',
  description:
    'For the query of a socket, as `?token=`, where an access token would be logged and shared with the address. ' +
    'The socket lasts as long as the access token does; with an API key, which needs the scope `stream`, 15 minutes at most. The ' +
    'ticket of a key opens what the key may open, from a page of any origin, and is booked to it: so a server hands one to its ' +
    'user’s browser and keeps the key.',
  access: 'ticket',
  answer: 'SocketTicket',
})

ticket.post('/v1/ws-ticket', about, guardUncounted('ticket'), async (c) => {
  const issued = await issueTicket(c.get('caller'), await authKeys(c.env), Date.now())
  const answer: SocketTicket = {
    ticket: issued.token,
    expiresAt: new Date(issued.expiresAtMs).toISOString(),
  }
  c.header('Cache-Control', 'no-store')
  return c.json(answer)
})
