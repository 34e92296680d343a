/** The change of the signing key as the runbook has it, step by step, through the Worker's own doors. */
import { applyD1Migrations, createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { createApp } from '../app.ts'
import { generateEd25519Key, type Ed25519Jwks } from './generateKey.ts'
import type { AuthSecrets } from './authKeys.ts'

let old: Ed25519Jwks
let next: Ed25519Jwks
beforeAll(async () => {
  await applyD1Migrations(env.DB, env.TEST_MIGRATIONS)
  old = await generateEd25519Key()
  next = await generateEd25519Key()
})

const secrets = (signing: Ed25519Jwks, ...verifying: Ed25519Jwks[]): AuthSecrets => ({
  AUTH_PRIVATE_JWK: JSON.stringify(signing.privateJwk),
  AUTH_PUBLIC_JWKS:
    verifying.length === 0 ? '' : JSON.stringify({ keys: verifying.map(({ publicJwk }) => publicJwk) }),
})

/** The Worker as it is deployed at one step. */
function deployed(step: AuthSecrets) {
  const bindings = { ...env, ...step }
  const call = (path: string, init: RequestInit = {}) =>
    createApp().request(path, init, bindings, createExecutionContext())
  return {
    newToken: async () =>
      (await (await call('/v1/auth/guest', { method: 'POST' })).json<{ token: string }>()).token,
    accepts: async (token: string) =>
      (await call('/v1/symbols', { headers: { authorization: `Bearer ${token}` } })).status === 200,
    jwks: async () => (await call('/.well-known/jwks.json')).json<JSONWebKeySet>(),
  }
}

it('lets no good token be refused on the way, and the old key be forgotten at its end', async () => {
  const before = deployed(secrets(old))
  // Each step changes one secret, because each change of a secret is a deployment.
  const announced = deployed(secrets(old, old, next))
  const switched = deployed(secrets(next, old, next))
  const after = deployed(secrets(next))
  const steps = [before, announced, switched, after]

  const oldToken = await before.newToken()
  const lateOldToken = await announced.newToken()
  const newToken = await switched.newToken()
  const acceptedAt = (token: string) => Promise.all(steps.map(({ accepts }) => accepts(token)))

  expect(await acceptedAt(oldToken)).toEqual([true, true, true, false])
  expect(await acceptedAt(lateOldToken)).toEqual([true, true, true, false])
  // The step before the switch accepts it already, so machines may change over one after the other.
  expect(await acceptedAt(newToken)).toEqual([false, true, true, true])

  const published = await Promise.all(steps.map(({ jwks }) => jwks()))
  const { kid: oldKid } = old.publicJwk
  const { kid: newKid } = next.publicJwk
  expect(published.map(({ keys }) => keys.map(({ kid }) => kid))).toEqual([
    [oldKid],
    [oldKid, newKid],
    [newKid, oldKid],
    [newKid],
  ])
  // A partner who fetched the keys when they were announced can verify what is signed after the switch.
  const [, heldByPartner] = published
  const verified = await jwtVerify(newToken, createLocalJWKSet(heldByPartner ?? { keys: [] }))
  expect(verified.protectedHeader.kid).toBe(newKid)
})

it('forgets at once a key that got out', async () => {
  const token = await deployed(secrets(old)).newToken()
  const after = deployed(secrets(next))
  expect(await after.accepts(token)).toBe(false)
  expect(await after.accepts(await after.newToken())).toBe(true)
})
