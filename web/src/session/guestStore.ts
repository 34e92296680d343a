/**
 * The guest token of this browser, for all its tabs: they are one guest, with one count of open windows. It stands for
 * nobody, ends within a quarter of an hour, and gets the next one for a day more; a token somebody was given stays in its tab (`callerToken.ts`).
 */
import * as v from 'valibot'
import type { GuestTokenStore } from '#client/guestToken'
import { GuestTokenSchema, type GuestToken } from '#schemas/claims'

const KEY = 'flipwire.guest'

export function createGuestStore(storage: Pick<Storage, 'getItem' | 'setItem'>): GuestTokenStore {
  /** Where storage is forbidden or full the token is this tab's own. */
  let own: GuestToken | null = null
  return {
    read: () => {
      try {
        const parsed = v.safeParse(GuestTokenSchema, JSON.parse(storage.getItem(KEY) ?? 'null'))
        return parsed.success ? parsed.output : own
      } catch {
        return own
      }
    },
    write: (token) => {
      own = token
      try {
        storage.setItem(KEY, JSON.stringify(token))
      } catch {
        // `own` will do.
      }
    },
  }
}
