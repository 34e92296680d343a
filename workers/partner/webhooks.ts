/** The object that holds an account's webhooks. */
import type { Context } from 'hono'
import type { AppEnv } from '../appEnv.ts'

export function webhooksOf(c: Context<AppEnv>) {
  return c.env.WEBHOOKS.getByName(c.get('caller').subject)
}
