/** Puts an error in the place of an answer that was ready to go. */
import type { Context } from 'hono'
import type { AppEnv } from '../../appEnv.ts'
import type { AppError } from './AppError.ts'
import { problemResponse } from './problemResponse.ts'

/** What the answer said of itself. */
const ENTITY_HEADERS = [
  'Age',
  'Cache-Status',
  'Content-Disposition',
  'Content-Length',
  'ETag',
  'Link',
  'Vary',
]
const TRY_AGAIN_LATER = 1013

export function replaceAnswer(c: Context<AppEnv>, error: AppError): void {
  if (c.res.webSocket) {
    c.res.webSocket.accept()
    c.res.webSocket.close(TRY_AGAIN_LATER, error.code)
  }
  const problem = problemResponse(c, error)
  for (const name of ENTITY_HEADERS) problem.headers.delete(name)
  // Or the framework would lay the old answer's headers over the new one's.
  c.res = undefined
  c.res = problem
}
