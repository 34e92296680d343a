/** `GET /.well-known/jwks.json`: the public keys of our tokens, so that partners can verify them. */
import { Hono } from 'hono'
import type { AppEnv } from '../appEnv.ts'
import { describe } from '../openapi/describe.ts'
import { authKeys } from '../auth/authKeys.ts'

export const jwks = new Hono<AppEnv>()

const about = describe({
  id: 'readJwks',
  tag: 'Access',
  summary: 'The public keys of our tokens',
  access: 'public',
  answer: 'Jwks',
})

jwks.get('/.well-known/jwks.json', about, async (c) => {
  const { jwks } = await authKeys(c.env)
  c.header('Cache-Control', 'public, max-age=300')
  return c.json(jwks)
})
