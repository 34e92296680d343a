/**
 * Counts an answered call against its caller: successes and socket upgrades, not refusals and not 304. Runs after
 * the answer is on its way and never makes it fail.
 */
import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import { usageOf } from '#durable-objects/usage/usageClient'
import type { AppEnv } from '../../appEnv.ts'

export const countUsage = createMiddleware<AppEnv>(async (c, next) => {
  await next()
  if (!c.res.ok && c.res.status !== 101) return
  const { env } = c
  const { subject } = c.get('caller')
  const route = `${c.req.method} ${routePath(c, -1)}`
  const requestId = c.get('requestId')
  const counted = usageOf(env.USAGE, subject)
    .count(utcDay(Date.now()), route)
    .catch((cause: unknown) => {
      console.error(
        JSON.stringify({ level: 'error', requestId, message: 'usage not counted', cause: String(cause) }),
      )
    })
  c.executionCtx.waitUntil(counted)
})

/** `YYYY-MM-DD`. */
export function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10)
}
