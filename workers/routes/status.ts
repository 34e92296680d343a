/** `GET /ws/status`: what `/v1/health` says, again whenever it changes. */
import { Hono } from 'hono'
import { negotiateEncoding, TEXT_SUBPROTOCOLS } from '#durable-objects/fanout/caller'
import type { AppEnv } from '../appEnv.ts'
import { isRevoked } from '../middleware/auth/authenticate.ts'
import { describe } from '../openapi/describe.ts'
import { tellStatus } from '../stream/tellStatus.ts'
import { guardSocket } from './guard.ts'
import { readHealth } from './health.ts'
import { requireUpgrade } from './requireUpgrade.ts'

export const status = new Hono<AppEnv>()

const about = describe({
  id: 'streamStatus',
  tag: 'Streams',
  summary: 'What health says, again whenever it changes',
  access: 'symbols',
  answer: 'socket',
})

/** Held by the Worker: it is about all symbols, lives no longer than its token, and so needs no object. */
status.get('/ws/status', about, guardSocket('symbols'), requireUpgrade, (c) => {
  const { 0: client, 1: server } = new WebSocketPair()
  server.accept()
  const later = (work: Promise<void>) => c.executionCtx.waitUntil(work)
  const { expiresAtMs, credential } = c.get('caller')
  // While that cannot be asked, it goes on: it says nothing that health does not.
  const isEnded = () => isRevoked(c, credential).catch(() => false)
  tellStatus(server, () => readHealth(c.env, later, Date.now()), expiresAtMs, isEnded)
  const { subprotocol } = negotiateEncoding(c.req.header('Sec-WebSocket-Protocol') ?? null, TEXT_SUBPROTOCOLS)
  const headers = subprotocol === null ? {} : { 'sec-websocket-protocol': subprotocol }
  return new Response(null, { status: 101, webSocket: client, headers })
})
