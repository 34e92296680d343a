/** A JSON body, limited and parsed by its schema at the door. */
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import * as v from 'valibot'
import type { AppEnv } from '../appEnv.ts'
import { AppError } from '../middleware/errors/AppError.ts'

const MAX_BODY_BYTES = 64 * 1024

/** Before anything reads the body: of one that does not declare its length, no more than this is taken in. */
export const limitBody = bodyLimit({
  maxSize: MAX_BODY_BYTES,
  onError: () => {
    throw invalidBody('', `expected at most ${MAX_BODY_BYTES} bytes, was more`)
  },
})

export async function readBody<S extends v.GenericSchema>(
  c: Context<AppEnv>,
  schema: S,
): Promise<v.InferOutput<S>> {
  const parsed = v.safeParse(schema, parseJson(await c.req.text()))
  if (parsed.success) return parsed.output
  const errors = parsed.issues.map((issue) => ({
    field: `/${(v.getDotPath(issue) ?? '').replaceAll('.', '/')}`,
    detail: issue.message,
  }))
  throw new AppError('invalid_body', errors.map(({ field, detail }) => `${field}: ${detail}`).join('; '), {
    errors,
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw invalidBody('', 'expected JSON, was something else')
  }
}

export function invalidBody(field: string, detail: string): AppError {
  return new AppError('invalid_body', detail, { errors: [{ field: `/${field}`, detail }] })
}
