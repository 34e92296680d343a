/** Takes along the guest whose token came with a sign-in. */
import type { Context } from 'hono'
import type { AppEnv } from '../appEnv.ts'
import type { Account } from './accountStore.ts'
import { linkGuest } from './guests.ts'
import { placeOf } from './place.ts'
import { presentedGuest } from './presentedGuest.ts'

export async function welcomeGuest(c: Context<AppEnv>, account: Account): Promise<void> {
  const nowMs = Date.now()
  const guest = await presentedGuest(c, nowMs)
  if (guest !== null) await linkGuest(c.env, guest, account, placeOf(c), nowMs)
}
