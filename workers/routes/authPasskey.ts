/** `/v1/auth/passkey`: signing in with a passkey, by which it is also known who signs in. */
import { Hono } from 'hono'
import { PasskeySignInSchema, type Assertion } from '#schemas/rest/passkeys'
import { findAccount, type Account } from '../accounts/accountStore.ts'
import { newChallenge, useChallenge } from '../accounts/passkeys/challenges.ts'
import { requestOptions } from '../accounts/passkeys/options.ts'
import { findPasskey, touchPasskey } from '../accounts/passkeys/passkeyStore.ts'
import { challengeOf, siteOf, verifyAssertion, type Site } from '../accounts/passkeys/verify.ts'
import { requireOwnOrigin } from '../accounts/requireOwnOrigin.ts'
import { beginSession } from '../accounts/session.ts'
import { welcomeGuest } from '../accounts/welcomeGuest.ts'
import type { AppEnv } from '../appEnv.ts'
import { limitNewGuests } from '../middleware/abuse/limitByNetwork.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import { describe } from '../openapi/describe.ts'
import { limitBody, readBody } from './body.ts'

export const authPasskey = new Hono<AppEnv>()

const aboutOptions = describe({
  id: 'challengePasskey',
  tag: 'Accounts',
  summary: 'A challenge to sign in with a passkey, for `PublicKeyCredential.parseRequestOptionsFromJSON`',
  description: 'Good once, for 5 minutes. The same for everybody.',
  access: 'public',
  answer: 'PasskeyChallenge',
  problems: ['origin_not_allowed', 'rate_limited', 'unavailable'],
})

authPasskey.post('/v1/auth/passkey/options', aboutOptions, requireOwnOrigin, limitNewGuests, async (c) => {
  const nowMs = Date.now()
  const challenge = await orUnavailable('the list of challenges', () => newChallenge(c.env.DB, null, nowMs))
  c.header('Cache-Control', 'no-store')
  return c.json(requestOptions(siteOf(c.req.url).rpId, challenge))
})

const aboutVerify = describe({
  id: 'signInByPasskey',
  tag: 'Accounts',
  summary: 'Signs in with a passkey that was made before',
  description:
    'Sets the cookie of the refresh token. For our own pages: needs their Origin. A guest is taken along as by code.',
  access: 'public',
  body: 'PasskeySignIn',
  answer: 'SessionToken',
  problems: ['invalid_body', 'invalid_passkey', 'origin_not_allowed', 'rate_limited', 'unavailable'],
})

authPasskey.post(
  '/v1/auth/passkey/verify',
  aboutVerify,
  requireOwnOrigin,
  limitNewGuests,
  limitBody,
  async (c) => {
    const { credential } = await readBody(c, PasskeySignInSchema)
    const session = await orUnavailable('the list of accounts', async () => {
      const account = await accountOfPasskey(c.env.DB, credential, siteOf(c.req.url), Date.now())
      if (account === null) return null
      await welcomeGuest(c, account)
      return beginSession(c, account)
    })
    // The same for an unknown passkey, a wrong signature and a used challenge.
    if (session === null)
      throw new AppError(
        'invalid_passkey',
        'expected a passkey of an account, to a challenge of ours, was another',
      )
    c.header('Cache-Control', 'no-store')
    return c.json(session)
  },
)

async function accountOfPasskey(
  db: D1Database,
  credential: Assertion,
  site: Site,
  nowMs: number,
): Promise<Account | null> {
  const challenge = challengeOf(credential)
  if (challenge === null || !(await useChallenge(db, challenge, null, nowMs))) return null
  const passkey = await findPasskey(db, credential.id)
  if (passkey === null) return null
  const counter = await verifyAssertion(credential, passkey, site, challenge)
  if (counter === null) return null
  await touchPasskey(db, passkey.id, counter, nowMs)
  return findAccount(db, passkey.accountId)
}
