/** `/v1/account/passkeys`: those of an account. Changing them takes the cookie of a session besides the token. */
import { Hono } from 'hono'
import {
  PasskeyRequestSchema,
  type Passkey,
  type PasskeyAnswer,
  type PasskeyList,
} from '#schemas/rest/passkeys'
import { eventStatement } from '../accounts/events.ts'
import { newChallenge, useChallenge } from '../accounts/passkeys/challenges.ts'
import { creationOptions } from '../accounts/passkeys/options.ts'
import {
  insertPasskey,
  listPasskeys,
  MAX_PASSKEYS,
  removePasskey,
  type PasskeyRecord,
} from '../accounts/passkeys/passkeyStore.ts'
import { challengeOf, siteOf, verifyRegistration } from '../accounts/passkeys/verify.ts'
import { placeOf } from '../accounts/place.ts'
import { requireAccount } from '../accounts/requireAccount.ts'
import { requireSession } from '../accounts/requireSession.ts'
import type { AppEnv } from '../appEnv.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import { describe } from '../openapi/describe.ts'
import { limitBody, readBody } from './body.ts'
import { guardUncounted } from './guard.ts'

const WHAT = 'the list of passkeys'

export const accountPasskeys = new Hono<AppEnv>()

const aboutList = describe({
  id: 'listPasskeys',
  tag: 'Accounts',
  summary: 'The passkeys of this account, newest first',
  access: 'account',
  answer: 'PasskeyList',
  problems: ['unknown_account'],
})

accountPasskeys.get('/v1/account/passkeys', aboutList, guardUncounted('account'), async (c) => {
  const { id } = await requireAccount(c)
  const held = await orUnavailable(WHAT, () => listPasskeys(c.env.DB, id))
  const answer: PasskeyList = { data: held.map(shownPasskey) }
  c.header('Cache-Control', 'no-store')
  return c.json(answer)
})

const aboutOptions = describe({
  id: 'offerPasskey',
  tag: 'Accounts',
  summary: 'A challenge to make a passkey, for `PublicKeyCredential.parseCreationOptionsFromJSON`',
  description: 'Good once, for 5 minutes, for this account. Needs the cookie of a session besides the token.',
  access: 'account',
  answer: 'PasskeyOffer',
  problems: ['unknown_account', 'no_session', 'origin_not_allowed'],
})

accountPasskeys.post('/v1/account/passkey-options', aboutOptions, guardUncounted('account'), async (c) => {
  const account = await requireAccount(c)
  await requireSession(c, account)
  const [held, challenge] = await orUnavailable(WHAT, () =>
    Promise.all([listPasskeys(c.env.DB, account.id), newChallenge(c.env.DB, account.id, Date.now())]),
  )
  c.header('Cache-Control', 'no-store')
  return c.json(creationOptions(siteOf(c.req.url).rpId, account, held, challenge))
})

const aboutAdd = describe({
  id: 'addPasskey',
  tag: 'Accounts',
  summary: 'Adds the passkey that was made',
  description: `At most ${MAX_PASSKEYS}. Needs the cookie of a session besides the token.`,
  access: 'account',
  body: 'PasskeyRequest',
  answer: 'Passkey',
  status: 201,
  problems: ['unknown_account', 'no_session', 'origin_not_allowed', 'invalid_passkey', 'passkey_limit'],
})

accountPasskeys.post('/v1/account/passkeys', aboutAdd, guardUncounted('account'), limitBody, async (c) => {
  const { env } = c
  const account = await requireAccount(c)
  await requireSession(c, account)
  const accountId = account.id
  const { name, credential } = await readBody(c, PasskeyRequestSchema)
  const nowMs = Date.now()
  const challenge = challengeOf(credential)
  const isOurs =
    challenge !== null && (await orUnavailable(WHAT, () => useChallenge(env.DB, challenge, accountId, nowMs)))
  const made = isOurs ? await verifyRegistration(credential, siteOf(c.req.url), challenge) : null
  if (made === null)
    throw new AppError('invalid_passkey', 'expected the answer to a challenge of ours, was another')
  const record: PasskeyRecord = { ...made, accountId, name, createdMs: nowMs, lastUsedMs: null }
  const isAdded = await orUnavailable(WHAT, () => insertPasskey(env.DB, record))
  if (!isAdded) throw new AppError('passkey_limit', `expected at most ${MAX_PASSKEYS} passkeys, each once`)
  await orUnavailable(WHAT, () =>
    eventStatement(env.DB, accountId, 'passkey.added', placeOf(c), nowMs, name).run(),
  )
  const answer: PasskeyAnswer = { data: shownPasskey(record) }
  c.header('Cache-Control', 'no-store')
  return c.json(answer, 201)
})

const aboutRemove = describe({
  id: 'removePasskey',
  tag: 'Accounts',
  summary: 'Takes a passkey away: nobody signs in with it any more. Sessions it began go on',
  access: 'account',
  answer: 'none',
  problems: ['unknown_account', 'no_session', 'origin_not_allowed', 'unknown_passkey'],
})

accountPasskeys.delete('/v1/account/passkeys/:id', aboutRemove, guardUncounted('account'), async (c) => {
  const account = await requireAccount(c)
  await requireSession(c, account)
  const isRemoved = await orUnavailable(WHAT, () => removePasskey(c.env.DB, account.id, c.req.param('id')))
  if (!isRemoved) throw new AppError('unknown_passkey', 'expected the id of a passkey of yours, was another')
  await orUnavailable(WHAT, () =>
    eventStatement(c.env.DB, account.id, 'passkey.removed', placeOf(c), Date.now()).run(),
  )
  return c.body(null, 204)
})

export function shownPasskey({ id, name, createdMs, lastUsedMs }: PasskeyRecord): Passkey {
  return {
    id,
    name,
    createdAt: new Date(createdMs).toISOString(),
    lastUsedAt: lastUsedMs === null ? null : new Date(lastUsedMs).toISOString(),
  }
}
