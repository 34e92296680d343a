/**
 * The name under which a call is booked. A client's own `X-Request-Id` makes it repeatable: asked again with the same
 * one, for the same address, a call whose answer got lost is not paid twice (durable-objects/account/repeat.ts).
 */
import type { Context } from 'hono'
import type { AppEnv } from '../../appEnv.ts'
import { encodeBase64url } from '../../auth/base64url.ts'

export async function callName(
  c: Context<AppEnv>,
): Promise<{ readonly id: string; readonly address: string }> {
  const id = c.get('requestId')
  // One that is ours is of no other call, whatever the address.
  if (c.req.header('X-Request-Id') !== id) return { id, address: '' }
  const { pathname, search } = new URL(c.req.url)
  const address = `${c.req.method} ${pathname}${search}`
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(address))
  return { id, address: encodeBase64url(new Uint8Array(hash)) }
}
