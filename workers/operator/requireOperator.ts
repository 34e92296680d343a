/** Lets through what the operator has signed, once: its signature is written down before anything is done. */
import { createMiddleware } from 'hono/factory'
import { OPERATOR_WINDOW_MS } from '#schemas/operator'
import type { AppEnv } from '../appEnv.ts'
import { AppError, orUnavailable } from '../middleware/errors/AppError.ts'
import { verifyOperatorPost } from './operatorSignature.ts'

/** Clocks of the Worker's places may differ. */
const SPARE_MS = 60_000

export const requireOperator = createMiddleware<AppEnv>(async (c, next) => {
  const post = { method: c.req.method, path: c.req.path, body: await c.req.text() }
  const verdict = await verifyOperatorPost(
    c.env.OPERATOR_SECRET,
    (name) => c.req.header(name),
    post,
    Date.now(),
  )
  if (!verdict.ok) {
    const { code, field, detail } = verdict
    throw new AppError(code, `${field}: ${detail}`, { errors: [{ field, detail }] })
  }
  const { signature, timestampMs } = verdict
  const endsMs = timestampMs + OPERATOR_WINDOW_MS + SPARE_MS
  if (!(await orUnavailable('the list of requests', () => isFirst(c.env.DB, signature, endsMs))))
    throw new AppError('replayed_request', 'expected every attempt to be signed anew')
  await next()
})

async function isFirst(db: D1Database, signature: string, endsMs: number): Promise<boolean> {
  const statement = db.prepare('INSERT OR IGNORE INTO operator_requests VALUES (?, ?)')
  const { meta } = await statement.bind(signature, endsMs).run()
  return meta.changes > 0
}

export function forgetOperatorRequests(db: D1Database, nowMs: number): D1PreparedStatement {
  return db.prepare('DELETE FROM operator_requests WHERE ends_ms <= ?').bind(nowMs)
}
