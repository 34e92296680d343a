/** The one error that handlers throw on purpose; `problemResponse` turns it into what the client sees. */
import type { Problem, ProblemCode } from '#schemas/problem'

type ProblemFields = Partial<
  Pick<
    Problem,
    | 'errors'
    | 'requiredTier'
    | 'expected'
    | 'retryAfterMs'
    | 'availableFrom'
    | 'openWindows'
    | 'violated-policies'
  >
>

export interface AppErrorOptions extends ProblemFields {
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

export class AppError extends Error {
  readonly code: ProblemCode
  readonly fields: ProblemFields
  readonly headers: Readonly<Record<string, string>>

  /** `detail` goes to the client: what was expected, what came. */
  constructor(code: ProblemCode, detail: string, options: AppErrorOptions = {}) {
    const { headers = {}, cause, ...fields } = options
    super(detail, { cause })
    this.name = 'AppError'
    this.code = code
    this.fields = fields
    this.headers = headers
  }
}

export function invalidParameter(field: string, detail: string): AppError {
  return new AppError('invalid_parameter', `${field}: ${detail}`, { errors: [{ field, detail }] })
}

export function unavailable(detail: string, cause?: unknown): AppError {
  return new AppError('unavailable', detail, { cause })
}

/** For calls to a store: whatever goes wrong there is 503 with the cause in our log. */
export async function orUnavailable<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (cause) {
    throw unavailable(`${what} cannot be reached: try again`, cause)
  }
}
