/** A verified caller's upgrade as it goes on to an object. */
import { headerSubject, STREAM_CALLER_HEADERS, writeCredential } from '#durable-objects/fanout/caller'
import { BEARER_PREFIX } from '#schemas/stream/protocol'
import type { Caller } from '../appEnv.ts'

const PROTOCOLS = 'Sec-WebSocket-Protocol'

/** Without the token, saying who calls in headers that a client's own can not survive. */
export function upgradeRequest(request: Request, caller: Caller): Request {
  const url = new URL(request.url)
  url.search = ''
  const headers = new Headers(request.headers)
  for (const secret of ['Authorization', 'Cookie']) headers.delete(secret)
  const offered = protocolsOf(headers).filter((name) => !name.startsWith(BEARER_PREFIX))
  if (offered.length > 0) headers.set(PROTOCOLS, offered.join(', '))
  else headers.delete(PROTOCOLS)
  headers.set(STREAM_CALLER_HEADERS.subject, headerSubject(caller.subject))
  headers.set(STREAM_CALLER_HEADERS.tier, caller.tier)
  headers.set(STREAM_CALLER_HEADERS.expiresAtMs, String(caller.expiresAtMs))
  if (caller.credential === undefined) headers.delete(STREAM_CALLER_HEADERS.credential)
  else headers.set(STREAM_CALLER_HEADERS.credential, writeCredential(caller.credential))
  return new Request(url, { headers })
}

/** The token among the sub-protocols a client offers: browsers can set no other header on a socket. */
export function protocolToken(headers: Headers): string | undefined {
  const bearer = protocolsOf(headers).find((name) => name.startsWith(BEARER_PREFIX))
  return bearer?.slice(BEARER_PREFIX.length)
}

function protocolsOf(headers: Headers): string[] {
  const names = (headers.get(PROTOCOLS) ?? '').split(',').map((name) => name.trim())
  return names.filter((name) => name !== '')
}
