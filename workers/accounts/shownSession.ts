/** A session as its owner sees it. */
import type { Session } from '#schemas/rest/accounts'
import type { SessionRecord } from './sessionStore.ts'

/** `own`: the session that asks, if it is known. */
export function shownSession(
  { id, device, network, createdMs, lastUsedMs, expiresMs }: SessionRecord,
  own?: string,
): Session {
  return {
    id,
    device,
    network,
    current: id === own,
    createdAt: new Date(createdMs).toISOString(),
    lastUsedAt: new Date(lastUsedMs).toISOString(),
    expiresAt: new Date(expiresMs).toISOString(),
  }
}
