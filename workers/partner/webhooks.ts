/** The object that holds an account's webhooks, and what the Worker tells it. */
import type { Context } from 'hono'
import type { AppEnv } from '../appEnv.ts'
import type { KeyRecord } from './keyStore.ts'

export function webhooksOf(c: Context<AppEnv>) {
  return c.env.WEBHOOKS.getByName(c.get('caller').subject)
}

/** After the rotation, which stands whether anybody hears of it or not. Never rejects. */
export async function tellRotated(
  c: Context<AppEnv>,
  old: KeyRecord,
  successor: string,
  endsMs: number,
): Promise<void> {
  const endsAt = new Date(endsMs).toISOString()
  const data = { key: old.id, name: old.name, successor, endsAt }
  const event = { type: 'key.rotated', timestamp: new Date().toISOString(), data } as const
  try {
    await webhooksOf(c).tell([{ id: `evt_key-${successor}`, event }])
  } catch (cause) {
    console.error(JSON.stringify({ level: 'error', message: 'rotation not told', cause: String(cause) }))
  }
}
