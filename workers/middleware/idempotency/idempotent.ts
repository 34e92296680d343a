/**
 * `Idempotency-Key` on a POST: asked again with the same key and the same body, the first answer is given again for 24
 * hours; with another body it is a mistake. A refusal has changed nothing and is not kept.
 */
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import * as v from 'valibot'
import { IdempotencyKeySchema } from '#schemas/rest/idempotency'
import type { AppEnv } from '../../appEnv.ts'
import { sha256Hex } from '../../partner/sha256.ts'
import { AppError, invalidParameter, orUnavailable } from '../errors/AppError.ts'
import { sealAnswer, unsealAnswer } from './sealedAnswer.ts'

const HEADER = 'Idempotency-Key'
const FINISH_ATTEMPTS = 3

export const idempotent = createMiddleware<AppEnv>(async (c, next) => {
  const key = c.req.header(HEADER)
  if (key === undefined) return next()
  const parsed = v.safeParse(IdempotencyKeySchema, key)
  if (!parsed.success) throw invalidParameter(HEADER, parsed.issues[0].message)
  const { subject } = c.get('caller')
  const keyHash = await sha256Hex(`${subject}\n${key}`)
  const print = await sha256Hex(`${c.req.method} ${c.req.path}\n${await c.req.text()}`)
  const account = () => c.env.ACCOUNT.getByName(subject)
  const verdict = await orUnavailable('the record of earlier posts', async () =>
    account().beginAnswer(keyHash, print),
  )
  switch (verdict.kind) {
    case 'mismatch':
      throw new AppError('idempotency_mismatch', `expected the ${HEADER} of another request to stay its own`)
    case 'busy':
      throw new AppError(
        'idempotency_busy',
        'the first request with this key is still on its way: try again',
        {
          retryAfterMs: 1_000,
          headers: { 'Retry-After': '1' },
        },
      )
    case 'answered':
      return again(c, await unsealAnswer(verdict.answer, subject, key))
    case 'first':
      await keep(c, next, (answer) => finish(c, async () => account().finishAnswer(keyHash, answer)), {
        subject,
        key,
      })
  }
})

async function keep(
  c: Context<AppEnv>,
  next: () => Promise<void>,
  finishWith: (answer: string | null) => Promise<void>,
  { subject, key }: { readonly subject: string; readonly key: string },
): Promise<void> {
  await next()
  if (!c.res.ok) return finishWith(null)
  const { status, headers } = c.res
  const body = await c.res.clone().text()
  const contentType = headers.get('content-type') ?? ''
  await finishWith(await sealAnswer({ status, contentType, body }, subject, key))
}

/** The work is done, or refused, and its answer goes out whether or not it can be given again. */
async function finish(c: Context<AppEnv>, call: () => Promise<void>): Promise<void> {
  for (let attempt = 1; attempt <= FINISH_ATTEMPTS; attempt++) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each is tried because the one before failed
      return await call()
    } catch (cause) {
      if (attempt < FINISH_ATTEMPTS) continue
      const requestId = c.get('requestId')
      console.error(
        JSON.stringify({ level: 'error', requestId, message: 'answer not kept', cause: String(cause) }),
      )
    }
  }
}

function again(
  c: Context<AppEnv>,
  { status, contentType, body }: Awaited<ReturnType<typeof unsealAnswer>>,
): Response {
  const headers = { 'Content-Type': contentType, 'Cache-Control': 'no-store', 'Idempotency-Replayed': 'true' }
  // The status was one of ours.
  return new Response(body, { status, headers: { ...headers, 'X-Request-Id': c.get('requestId') } })
}
