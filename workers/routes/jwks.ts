/** `GET /.well-known/jwks.json`: the public keys of our tokens, so that partners can verify them. */
import { Hono } from 'hono'
import type { AppEnv } from '../appEnv.ts'
import { authKeys } from '../auth/authKeys.ts'

export const jwks = new Hono<AppEnv>()

jwks.get('/.well-known/jwks.json', async (c) => {
  const { jwks } = await authKeys(c.env.AUTH_PRIVATE_JWK)
  c.header('Cache-Control', 'public, max-age=300')
  return c.json(jwks)
})
