/**
 * The one error of the client. What the server says as a problem document stays as said; a network failure, an answer
 * that is no problem document and an answer that breaks its schema get the nearest code, so that callers switch on
 * `code` alone.
 */
import * as v from 'valibot'
import { PROBLEMS, ProblemSchema, type Problem, type ProblemCode } from '#schemas/problem'

export class ApiProblem extends Error {
  readonly code: ProblemCode
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  /** Empty when no server was reached. */
  readonly requestId: string
  readonly problem: Problem

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.title}: ${problem.detail}`, options)
    this.name = 'ApiProblem'
    this.problem = problem
    this.code = problem.code
    this.status = problem.status
    this.requestId = problem.requestId
  }
}

/** The request got no answer: network, abort, timeout. */
export function unreachable(url: string, cause: unknown): ApiProblem {
  const detail = cause instanceof Error ? cause.message : 'no answer from the server'
  return new ApiProblem(made('unavailable', 0, detail, url, ''), { cause })
}

/** The server answered 2xx with something that is not what it promised. */
export function contractBroken(url: string, requestId: string, detail: string): ApiProblem {
  return new ApiProblem(
    made('internal', 200, `the answer does not match its schema: ${detail}`, url, requestId),
  )
}

export function problemFrom(url: string, status: number, requestId: string, body: unknown): ApiProblem {
  const parsed = v.safeParse(ProblemSchema, body)
  if (parsed.success) return new ApiProblem(parsed.output)
  const code = codeOfStatus(status)
  return new ApiProblem(made(code, status, `the server answered ${status}`, url, requestId))
}

function codeOfStatus(status: number): ProblemCode {
  if (status === 401) return 'invalid_token'
  if (status === 403) return 'upgrade_required'
  if (status === 404) return 'unknown_route'
  if (status === 429) return 'rate_limited'
  return status === 502 || status === 503 || status === 504 ? 'unavailable' : 'internal'
}

function made(
  code: ProblemCode,
  status: number,
  detail: string,
  instance: string,
  requestId: string,
): Problem {
  return { type: 'about:blank', title: PROBLEMS[code][1], status, detail, instance, code, requestId }
}
