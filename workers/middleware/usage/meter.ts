/**
 * Meters what is answered: successes and socket upgrades, at the price of their scope; not refusals, not 304. Two ways,
 * by tier (docs/adr/0007): who pays by the call is booked before the answer leaves, exactly; of everybody else the calls
 * are summed for a second and booked after, so that no read waits for another continent.
 */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import type { ChargeLine } from '#durable-objects/account/contract'
import type { Standing } from '#schemas/quota'
import { SCOPES, TIER_LIMITS, type Scope } from '#schemas/tiers'
import { chargeAccount, recordLater } from '../../account/booking.ts'
import type { AppEnv, Caller } from '../../appEnv.ts'
import { AppError } from '../errors/AppError.ts'
import { replaceAnswer } from '../errors/replaceAnswer.ts'
import { callName } from './callName.ts'
import { quotaExceeded } from './quotaExceeded.ts'
import { exhaustedWindow, rateLimitHeaders } from './standing.ts'
import { Tabs } from './tabs.ts'

const tabs = new Tabs()

export function metered(scope: Scope) {
  const { units } = SCOPES[scope]
  return createMiddleware<AppEnv>(async (c, next) => {
    const caller = c.get('caller')
    const before = standingOf(caller)
    const exhausted = exhaustedWindow(before, units)
    // A repeat of a paid call is free, and only the account's object knows it for one.
    if (exhausted !== null && !(isExact(caller) && c.req.header('X-Request-Id')))
      throw quotaExceeded(before, exhausted, units, Date.now())
    await next()
    if (!c.res.ok && c.res.status !== 101) return tell(c, 0)
    const line = {
      route: `${c.req.method} ${routePath(c, -1)}`,
      keyId: caller.key?.id ?? '',
      calls: 1,
      units,
    }
    if (isExact(caller)) return charge(c, line)
    recordLater(c, tabs, line)
    tell(c, units)
  })
}

/** Whose calls are billed one by one. */
function isExact({ tier, key }: Caller): boolean {
  return tier === 'partner' && key?.isSandbox !== true
}

async function charge(c: Context<AppEnv>, line: ChargeLine): Promise<void> {
  const caller = c.get('caller')
  const { subject, tier, key } = caller
  try {
    const ofKey = key?.unitsPerDay == null ? {} : { keyUnitsPerDay: key.unitsPerDay }
    const call = { ...(await callName(c)), lines: [line], ...ofKey }
    const answer = await chargeAccount(c.env, subject, call, TIER_LIMITS[tier])
    const standing = { ...answer.standing, ...(answer.keyDay ? { day: answer.keyDay } : {}) }
    tabs.told(tabOf(caller), standing)
    if (answer.ok) return tell(c, answer.units)
    throw quotaExceeded(standing, answer.exhausted, line.units, Date.now())
  } catch (error) {
    // Nothing is served that is not booked.
    if (error instanceof AppError) replaceAnswer(c, error)
    else throw error
  }
}

function standingOf(caller: Caller): Standing {
  const limits = TIER_LIMITS[caller.tier]
  const unitsPerDay = Math.min(limits.unitsPerDay, caller.key?.unitsPerDay ?? Infinity)
  return tabs.standing(tabOf(caller), { ...limits, unitsPerDay }, Date.now())
}

/** What is left for a key with a quota of its own is not what is left for the account. */
function tabOf({ subject, key }: Caller): string {
  return key?.unitsPerDay == null ? subject : `${subject} ${key.id}`
}

/** A socket's answer stays as the object made it. */
function tell(c: Context<AppEnv>, units: number): void {
  if (c.res.status === 101) return
  // Onto the answer itself: the context would make a new one for each header.
  const { headers } = c.res
  for (const [name, value] of Object.entries(rateLimitHeaders(standingOf(c.get('caller')), Date.now())))
    headers.set(name, value)
  headers.set('X-Request-Cost', String(units))
}
