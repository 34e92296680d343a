/** The object that holds an account's webhooks, and what the Worker tells it. */
import type { Context } from 'hono'
import type { NamedEvent } from '#schemas/webhookEvents'
import type { AppEnv } from '../appEnv.ts'
import type { KeyRecord } from './keyStore.ts'

export function webhooksOf(c: Context<AppEnv>) {
  return c.env.WEBHOOKS.getByName(c.get('caller').subject)
}

/** `endsMs`: of the old key. */
export function keyRotated(
  old: Pick<KeyRecord, 'id' | 'name'>,
  successor: string,
  endsMs: number,
  nowMs: number,
): NamedEvent {
  const endsAt = new Date(endsMs).toISOString()
  const data = { key: old.id, name: old.name, successor, endsAt }
  const timestamp = new Date(nowMs).toISOString()
  return { id: `evt_key-${successor}`, event: { type: 'key.rotated', timestamp, data } }
}
