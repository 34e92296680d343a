/** A JSON body, parsed by its schema at the door. */
import type { Context } from 'hono'
import * as v from 'valibot'
import type { AppEnv } from '../appEnv.ts'
import { AppError } from '../middleware/errors/AppError.ts'

const MAX_CHARACTERS = 64 * 1024

export async function readBody<S extends v.GenericSchema>(
  c: Context<AppEnv>,
  schema: S,
): Promise<v.InferOutput<S>> {
  const text = await c.req.text()
  if (text.length > MAX_CHARACTERS)
    throw invalidBody('', `expected at most ${MAX_CHARACTERS} characters, was more`)
  const parsed = v.safeParse(schema, parseJson(text))
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

function invalidBody(field: string, detail: string): AppError {
  return new AppError('invalid_body', detail, { errors: [{ field: `/${field}`, detail }] })
}
