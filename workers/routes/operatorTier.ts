/** `POST /v1/operator/tier`: an operator changes the tier of an account, and what it has open follows at once. */
import { Hono } from 'hono'
import { OPERATOR_TIER_PATH, TierChangeSchema, type ChangedTier } from '#schemas/operator'
import { changeTier } from '../accounts/changedTiers.ts'
import type { AppEnv } from '../appEnv.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import { describe } from '../openapi/describe.ts'
import { requireOperator } from '../operator/requireOperator.ts'
import { limitBody, readBody } from './body.ts'

export const operatorTier = new Hono<AppEnv>()

const about = describe({
  id: 'changeTier',
  tag: 'Operation',
  summary: 'Changes the tier of an account',
  description:
    'Its tokens and sockets are ended, and the next ones are of the new tier. Its owner sees the change among the events of ' +
    'the account. Asked again, it is as before. `npm run tier` signs and sends it.',
  access: 'operator',
  body: 'TierChange',
  answer: 'ChangedTier',
  problems: ['unknown_account'],
})

operatorTier.post(OPERATOR_TIER_PATH, about, limitBody, requireOperator, async (c) => {
  const { account, tier } = await readBody(c, TierChangeSchema)
  const changed = await orUnavailable('the list of accounts', () => changeTier(c.env, account, tier))
  if (changed === null)
    throw new AppError('unknown_account', 'expected the address or id of an account, was another')
  const answer: ChangedTier = { data: changed }
  c.header('Cache-Control', 'no-store')
  return c.json(answer)
})
