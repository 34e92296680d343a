/**
 * One REST request: token, timeout, retry of what may pass, validation of what comes back. Only reads are repeated,
 * and only after no answer, 429 or 503; a refused token is renewed once.
 */
import * as v from 'valibot'
import { ApiProblem, contractBroken, problemFrom, unreachable } from './apiProblem.ts'
import { newRequestId } from './requestId.ts'

export interface Transport {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  readonly sleep: (ms: number) => Promise<void>
  /** In [0, 1). */
  readonly random: () => number
}

/** `renew`: the last token was refused, do not answer it again. */
export type GetToken = (options?: { readonly renew: boolean }) => Promise<string>

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly getToken?: GetToken
  /** Sent as JSON. */
  readonly body?: object
  /** Asked again with the same key, the service does its work once. */
  readonly idempotencyKey?: string
  /** Outlives the page that asked. */
  readonly keepalive?: boolean
}

const TRIES = 3
const RETRY_DELAY_MS = 400
const MAX_RETRY_AFTER_MS = 10_000
const TIMEOUT_MS = 10_000
export const TOKEN_CODES = new Set(['missing_token', 'invalid_token', 'expired_token'])

/** @throws ApiProblem */
export async function request<T extends v.GenericSchema>(
  transport: Transport,
  url: string,
  schema: T,
  options: RequestOptions = {},
): Promise<v.InferOutput<T>> {
  const { method = 'GET', getToken } = options
  // One over all tries: a partner whose answer got lost pays for it once.
  const requestId = method === 'GET' && getToken ? newRequestId() : null
  let renewed = false
  for (let attempt = 1; ; attempt++) {
    const token = getToken ? await tokenFrom(getToken, renewed, url) : null
    const answer = await attemptOnce(transport, url, requestInit(options, token, requestId))
    if (answer.ok) return parsed(schema, url, answer)
    if (getToken && TOKEN_CODES.has(answer.problem.code) && !renewed) {
      renewed = true
      continue
    }
    const passing =
      answer.problem.status === 0 || answer.problem.status === 429 || answer.problem.status === 503
    // A quota of the day is not waited for.
    const isTooFar = (answer.retryAfterMs ?? 0) > MAX_RETRY_AFTER_MS
    if (method !== 'GET' || !passing || isTooFar || attempt >= TRIES) throw answer.problem
    const backOffMs = RETRY_DELAY_MS * 2 ** (attempt - 1) * (0.5 + transport.random())
    await transport.sleep(answer.retryAfterMs ?? backOffMs)
  }
}

type Answer =
  | { readonly ok: true; readonly body: unknown; readonly requestId: string }
  | { readonly ok: false; readonly problem: ApiProblem; readonly retryAfterMs: number | null }

async function attemptOnce(transport: Transport, url: string, init: RequestInit): Promise<Answer> {
  try {
    const response = await transport.fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MS) })
    const requestId = response.headers.get('x-request-id') ?? ''
    const body: unknown = await response.json().catch(() => null)
    if (response.ok) return { ok: true, body, requestId }
    const problem = problemFrom(url, response.status, requestId, body)
    return { ok: false, problem, retryAfterMs: retryAfterMs(response) }
  } catch (cause) {
    return { ok: false, problem: unreachable(url, cause), retryAfterMs: null }
  }
}

function requestInit(
  { method = 'GET', body, idempotencyKey, keepalive }: RequestOptions,
  token: string | null,
  requestId: string | null,
): RequestInit {
  return {
    method,
    headers: {
      accept: 'application/json',
      ...(requestId === null ? {} : { 'x-request-id': requestId }),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(keepalive === undefined ? {} : { keepalive }),
  }
}

function parsed<T extends v.GenericSchema>(
  schema: T,
  url: string,
  answer: { readonly body: unknown; readonly requestId: string },
): v.InferOutput<T> {
  const result = v.safeParse(schema, answer.body)
  if (result.success) return result.output
  const [issue] = result.issues
  const path = v.getDotPath(issue) ?? 'body'
  throw contractBroken(url, answer.requestId, `${path}: ${issue.message}`)
}

async function tokenFrom(getToken: GetToken, renew: boolean, url: string): Promise<string> {
  try {
    return await getToken({ renew })
  } catch (cause) {
    throw cause instanceof ApiProblem ? cause : unreachable(url, cause)
  }
}

/** Seconds only: the HTTP-date form needs an agreed clock. */
function retryAfterMs(response: Response): number | null {
  const header = response.headers.get('retry-after')
  const seconds = header === null ? Number.NaN : Number(header)
  return seconds >= 0 ? seconds * 1000 : null
}
