/** Telling an account's object what was served. */
import type { Context } from 'hono'
import type { Charge, ChargeAnswer, ChargeLine } from '#durable-objects/account/contract'
import type { QuotaLimits } from '#durable-objects/account/quota'
import type { Env } from '#durable-objects/env'
import { TIER_LIMITS } from '#schemas/tiers'
import type { AppEnv } from '../appEnv.ts'
import { orUnavailable } from '../middleware/errors/AppError.ts'
import type { Tabs } from '../middleware/usage/tabs.ts'

const ATTEMPTS = 3
const SUM_FOR_MS = 1_000

/** Under the same id each time, so a lost answer books nothing twice. */
export function chargeAccount(
  env: Pick<Env, 'ACCOUNT'>,
  subject: string,
  charge: Charge,
  limits: QuotaLimits,
): Promise<ChargeAnswer> {
  return orUnavailable('the ledger of this account', () =>
    repeated(async (): Promise<ChargeAnswer> => env.ACCOUNT.getByName(subject).charge(charge, limits)),
  )
}

/** After the answer is on its way, and never makes it fail. */
export function recordLater(c: Context<AppEnv>, tabs: Tabs, line: ChargeLine): void {
  const { subject, tier } = c.get('caller')
  if (!tabs.serve(subject, line)) return
  c.executionCtx.waitUntil(recordSum(c.env, tabs, subject, TIER_LIMITS[tier], c.get('requestId')))
}

async function recordSum(
  env: Pick<Env, 'ACCOUNT'>,
  tabs: Tabs,
  subject: string,
  limits: QuotaLimits,
  requestId: string,
): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SUM_FOR_MS))
  const lines = tabs.take(subject)
  const charge = { id: crypto.randomUUID(), address: '', lines }
  try {
    const standing = await repeated(async () => env.ACCOUNT.getByName(subject).record(charge, limits))
    tabs.settle(subject, lines, standing)
  } catch (cause) {
    tabs.settle(subject, lines, null)
    console.error(
      JSON.stringify({ level: 'error', requestId, message: 'usage not counted', cause: String(cause) }),
    )
  }
}

/** A new stub each time: one that has thrown stays broken. */
async function repeated<T>(call: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call()
    } catch (cause) {
      if (attempt === ATTEMPTS) throw cause
    }
  }
}
