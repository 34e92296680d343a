/** `/v1/account`: what an account is, everything that is held of it, and its end. */
import { Hono } from 'hono'
import type { AccountAnswer, AccountExport, ShownAccount } from '#schemas/rest/accounts'
import type { DailyUsageRow } from '#schemas/rest/models'
import type { DailyLine } from '#durable-objects/account/contract'
import type { Account } from '../accounts/accountStore.ts'
import { eraseAccount } from '../accounts/erase.ts'
import { eventStatement } from '../accounts/events.ts'
import { gatherAccount } from '../accounts/export.ts'
import { placeOf } from '../accounts/place.ts'
import { clearRefreshCookie } from '../accounts/refreshCookie.ts'
import { requireAccount } from '../accounts/requireAccount.ts'
import { requireSession } from '../accounts/requireSession.ts'
import { shownSession } from '../accounts/shownSession.ts'
import type { AppEnv } from '../appEnv.ts'
import { orUnavailable } from '../middleware/errors/AppError.ts'
import { describe } from '../openapi/describe.ts'
import { shownPasskey } from './accountPasskeys.ts'
import { guardUncounted } from './guard.ts'
import { shownKey } from './keys.ts'
import { shownWindow } from './windows.ts'

export const account = new Hono<AppEnv>()

const about = describe({
  id: 'readAccount',
  tag: 'Accounts',
  summary: 'The account of the caller, with the tier of its next access token',
  access: 'account',
  answer: 'Account',
  problems: ['unknown_account'],
})

account.get('/v1/account', about, guardUncounted('account'), async (c) => {
  const answer: AccountAnswer = { data: shown(await requireAccount(c)) }
  c.header('Cache-Control', 'no-store')
  return c.json(answer)
})

const aboutExport = describe({
  id: 'exportAccount',
  tag: 'Accounts',
  summary: 'Everything that is held of the account, but for what is secret or a hash',
  access: 'account',
  answer: 'AccountExport',
  problems: ['unknown_account'],
})

account.get('/v1/account/export', aboutExport, guardUncounted('account'), async (c) => {
  const own = await requireAccount(c)
  const nowMs = Date.now()
  const held = await orUnavailable('what is held of this account', async () => {
    await eventStatement(c.env.DB, own.id, 'account.exported', placeOf(c), nowMs).run()
    return gatherAccount(c.env, own, nowMs)
  })
  const answer: AccountExport = {
    data: {
      account: shown(held.account),
      sessions: held.sessions.map((session) => shownSession(session)),
      events: held.events.map(({ at_ms, ...event }) => ({ at: new Date(at_ms).toISOString(), ...event })),
      guests: held.guests,
      apiKeys: held.apiKeys.map((key) => shownKey(key, nowMs)),
      passkeys: held.passkeys.map(shownPasskey),
      webhooks: held.webhooks,
      openWindows: held.openWindows.map(shownWindow),
      usage: held.usage.map(usageRow),
      sandboxUsage: held.sandboxUsage.map(usageRow),
      billing: held.billing,
    },
  }
  c.header('Cache-Control', 'no-store')
  c.header('Content-Disposition', 'attachment; filename="flipwire-account.json"')
  return c.json(answer)
})

const aboutErase = describe({
  id: 'eraseAccount',
  tag: 'Accounts',
  summary: 'Erases the account and everything that is held of it, at once and for good',
  description:
    'Needs the cookie of a session besides the token, and our own Origin. Access tokens and sockets end with it; what is still ' +
    'on its way is erased 20 minutes after.',
  access: 'account',
  answer: 'none',
  problems: ['unknown_account', 'no_session', 'origin_not_allowed'],
})

account.delete('/v1/account', aboutErase, guardUncounted('account'), async (c) => {
  const own = await requireAccount(c)
  await requireSession(c, own)
  await orUnavailable('what is held of this account', () => eraseAccount(c.env, own))
  clearRefreshCookie(c)
  return c.body(null, 204)
})

function shown({ id, email, tier, createdMs }: Account): ShownAccount {
  return { id, email, tier, createdAt: new Date(createdMs).toISOString() }
}

function usageRow({ keyId, ...line }: DailyLine): DailyUsageRow {
  return { ...line, key: keyId === '' ? null : keyId }
}
