/** `/v1/auth/email`: signing in, and signing up, with a code that is sent to an address. */
import { Hono } from 'hono'
import { CODE_LIFE_MS, EmailRequestSchema, EmailVerifySchema, type CodeSent } from '#schemas/rest/accounts'
import { accountOfEmail } from '../accounts/accountStore.ts'
import { isRightCode, sendCode } from '../accounts/emailCode.ts'
import { eventStatement } from '../accounts/events.ts'
import { mailOf } from '../accounts/mail/mailOf.ts'
import { addressOf, placeOf } from '../accounts/place.ts'
import { requireOwnOrigin } from '../accounts/requireOwnOrigin.ts'
import { beginSession } from '../accounts/session.ts'
import { welcomeGuest } from '../accounts/welcomeGuest.ts'
import type { AppEnv } from '../appEnv.ts'
import { limitNewGuests } from '../middleware/abuse/limitByNetwork.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import { describe } from '../openapi/describe.ts'
import { limitBody, readBody } from './body.ts'

export const authEmail = new Hono<AppEnv>()

const aboutSend = describe({
  id: 'sendSignInCode',
  tag: 'Accounts',
  summary: 'Sends a code of eight digits to an address, to sign in or to make an account',
  description:
    'Good for 10 minutes, five tries and one sign-in; a newer code replaces it. The answer is the same whether or not ' +
    'the address has an account. At most five codes to an address in 15 minutes and 20 an hour from a network.',
  access: 'public',
  body: 'EmailRequest',
  answer: 'CodeSent',
  problems: ['invalid_body', 'rate_limited', 'unavailable'],
})

authEmail.post('/v1/auth/email', aboutSend, limitNewGuests, limitBody, async (c) => {
  const { email } = await readBody(c, EmailRequestSchema)
  const nowMs = Date.now()
  const mail = mailOf(c.env, c.req.url)
  const desk = { db: c.env.DB, secret: c.env.AUTH_PRIVATE_JWK }
  const waitMs = await orUnavailable('the mail service', () =>
    sendCode(desk, mail, email, addressOf(c), nowMs),
  )
  if (waitMs > 0) throw tooManyCodes(waitMs)
  const answer: CodeSent = { expiresAt: new Date(nowMs + CODE_LIFE_MS).toISOString() }
  c.header('Cache-Control', 'no-store')
  return c.json(answer)
})

const aboutVerify = describe({
  id: 'signInByCode',
  tag: 'Accounts',
  summary: 'Signs in with the code, and makes the account if there is none',
  description:
    'Sets the cookie of the refresh token. For our own pages: needs their Origin. With the token of a guest, what the guest ' +
    'used today and the windows it has open are the account’s from then on.',
  access: 'public',
  body: 'EmailVerify',
  answer: 'SessionToken',
  problems: ['invalid_body', 'invalid_code', 'origin_not_allowed', 'rate_limited', 'unavailable'],
})

authEmail.post(
  '/v1/auth/email/verify',
  aboutVerify,
  requireOwnOrigin,
  limitNewGuests,
  limitBody,
  async (c) => {
    const { email, code } = await readBody(c, EmailVerifySchema)
    const { DB: db, AUTH_PRIVATE_JWK: secret } = c.env
    const session = await orUnavailable('the list of accounts', async () => {
      const nowMs = Date.now()
      if (!(await isRightCode({ db, secret }, email, code, nowMs))) return null
      const { account, isNew } = await accountOfEmail(db, email, nowMs)
      if (isNew) await eventStatement(db, account.id, 'account.created', placeOf(c), nowMs).run()
      await welcomeGuest(c, account)
      return beginSession(c, account)
    })
    // The same for a wrong code, a used or an old one, too many tries, and an address nobody sent one to.
    if (session === null)
      throw new AppError(
        'invalid_code',
        'expected the newest code sent to this address, was none that is good',
      )
    c.header('Cache-Control', 'no-store')
    return c.json(session)
  },
)

function tooManyCodes(waitMs: number): AppError {
  const seconds = Math.ceil(waitMs / 1000)
  return new AppError('rate_limited', `too many codes were asked for: try again in ${seconds} s`, {
    retryAfterMs: waitMs,
    headers: { 'Retry-After': String(seconds) },
  })
}
