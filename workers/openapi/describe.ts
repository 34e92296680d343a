/**
 * Says of a route what callers have to know: one line beside its handler. What follows from that line (refusals of its
 * guard, parameters of its query, media types of its answer) is written out here, once.
 */
import { describeRoute } from 'hono-openapi'
import type { MiddlewareHandler } from 'hono'
import type { OpenAPIV3_1 } from 'openapi-types'
import type { ProblemCode } from '#schemas/problem'
import { keyScopesFor } from '#schemas/rest/keys'
import { SCOPES } from '#schemas/tiers'
import { isScope, type Access } from '../access.ts'
import type { AppEnv } from '../appEnv.ts'
import type { QuerySchema } from '../routes/parameters.ts'
import { TABLE_TYPES } from '../routes/tableAnswer.ts'
import { componentRef, type ComponentName } from './components.ts'
import { EXAMPLES } from './examples.ts'
import type { HeaderName } from './headers.ts'
import { IDEMPOTENCY_KEY, queryParameters } from './parameters.ts'
import { problemResponses } from './problems.ts'
import type { SecurityName } from './security.ts'
import type { Tag } from './tags.ts'

type ResponseHeaders = NonNullable<OpenAPIV3_1.ResponseObject['headers']>
type Content = NonNullable<OpenAPIV3_1.ResponseObject['content']>

export interface Description {
  readonly id: string
  readonly tag: Tag
  readonly summary: string
  readonly description?: string
  readonly access: Access
  /** Whether the path names a symbol, which may be none or have no data. */
  readonly ofSymbol?: boolean
  readonly query?: QuerySchema
  readonly body?: ComponentName | 'batch'
  /** A model, or for tables that of rows and that of columns; else a media type, a socket, or nothing. */
  readonly answer:
    ComponentName | readonly [ComponentName, ComponentName] | 'socket' | 'none' | { readonly type: string }
  /** Set for what makes something. */
  readonly status?: 200 | 201
  /** Takes an `Idempotency-Key`. */
  readonly idempotent?: true
  readonly problems?: readonly ProblemCode[]
  /** Answers that are neither the one above nor a problem, by status. */
  readonly others?: Readonly<Record<number, OpenAPIV3_1.ResponseObject>>
}

export function describe(of: Description): MiddlewareHandler<AppEnv> {
  return describeRoute({
    operationId: of.id,
    tags: [of.tag],
    summary: of.summary,
    description: [of.description, tierNote(of)].filter(Boolean).join('\n\n'),
    security: securityOf(of),
    parameters: [...(of.query ? queryParameters(of.query) : []), ...(of.idempotent ? [IDEMPOTENCY_KEY] : [])],
    ...(of.body ? { requestBody: requestBody(of.body) } : {}),
    responses: { ...successOf(of), ...withOthers(problemResponses(problemsOf(of)), of.others) },
  })
}

/** One status may stand for a problem and for something else, told apart by their types. */
function withOthers(
  problems: Readonly<Record<string, OpenAPIV3_1.ResponseObject>>,
  others: Description['others'] = {},
): Record<string, OpenAPIV3_1.ResponseObject> {
  const merged = Object.entries(others).map(([status, other]) => {
    const { description = '', content = {} } = problems[status] ?? {}
    const both = {
      description: `${description} ${other.description}`.trim(),
      content: { ...content, ...other.content },
    }
    return [status, other.content ? both : other] as const
  })
  return { ...problems, ...Object.fromEntries(merged) }
}

function tierNote({ access, ofSymbol }: Description): string {
  if (!isScope(access)) return ''
  const { tier, units } = SCOPES[access]
  const synthetic = ofSymbol ? '; open to every caller for a synthetic symbol' : ''
  return `Scope \`${access}\`, tier \`${tier}\` and up${synthetic}. Units: ${units}.`
}

function securityOf({ access, answer }: Description): Partial<Record<SecurityName, string[]>>[] {
  if (access === 'public') return []
  if (access === 'signed') return [{ bridgeKeyId: [], bridgeTimestamp: [], bridgeSignature: [] }]
  if (access === 'operator') return [{ operatorTimestamp: [], operatorSignature: [] }]
  const byKey = keyScopesFor(access) === null ? [] : [{ apiKey: [] }]
  const inAddress = answer === 'socket' ? [{ socketToken: [] }] : []
  return [{ accessToken: [] }, ...inAddress, ...byKey]
}

function requestBody(body: NonNullable<Description['body']>): OpenAPIV3_1.RequestBodyObject {
  const content: Content =
    body === 'batch'
      ? { 'application/octet-stream': {} }
      : { 'application/json': { schema: componentRef(body), ...exampleOf(body) } }
  return { required: true, content }
}

function successOf({
  answer,
  access,
  query,
  status = 200,
}: Description): Record<string, OpenAPIV3_1.ResponseObject> {
  if (answer === 'socket') return { 101: { description: 'The socket is open.' } }
  if (answer === 'none') return { 204: { description: 'Done.' } }
  const headers = headersOf(access, query)
  const ok = { [status]: { description: 'The answer.', headers, content: contentOf(answer) } }
  // Only what is metered goes through the guard of reads.
  if (!isScope(access) || SCOPES[access].units === 0) return ok
  return {
    ...ok,
    304: { description: 'What the reader has, by `If-None-Match`, still holds. Free of charge.' },
  }
}

function headersOf(access: Description['access'], query: QuerySchema | undefined): ResponseHeaders {
  const names: HeaderName[] = ['X-Request-Id']
  if (isScope(access) && SCOPES[access].units > 0)
    names.push('X-Request-Cost', 'RateLimit', 'RateLimit-Policy')
  if (query && 'at' in query.entries) names.push('ETag')
  if (query && 'cursor' in query.entries) names.push('Link')
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

function contentOf(answer: Exclude<Description['answer'], 'socket' | 'none'>): Content {
  if (typeof answer === 'string')
    return { 'application/json': { schema: componentRef(answer), ...exampleOf(answer) } }
  if ('type' in answer) return { [answer.type]: {} }
  const [rows, columns] = answer
  const file = { schema: { type: 'string' as const } }
  return {
    'application/json': {
      schema: { anyOf: [componentRef(rows), componentRef(columns)] },
      ...exampleOf(rows),
    },
    ...Object.fromEntries(Object.values(TABLE_TYPES).map((type) => [type, file] as const)),
  }
}

function exampleOf(name: ComponentName): { example?: unknown } {
  const example = EXAMPLES[name]
  return example === undefined ? {} : { example }
}

function problemsOf({
  access,
  ofSymbol,
  query,
  body,
  answer,
  idempotent,
  problems = [],
}: Description): ProblemCode[] {
  const codes: ProblemCode[] = ['internal']
  if (access !== 'public') codes.push('unavailable')
  if (access === 'signed' || access === 'operator')
    codes.push(
      'missing_signature',
      'unknown_key',
      'invalid_signature',
      'signature_expired',
      'replayed_request',
    )
  if (access === 'signed') codes.push('invalid_symbol')
  if (access === 'operator') codes.push('invalid_body')
  if (isScope(access)) {
    codes.push(
      'missing_token',
      'invalid_token',
      'expired_token',
      'upgrade_required',
      'missing_scope',
      'rate_limited',
    )
    if (SCOPES[access].units > 0) codes.push('quota_exceeded')
    if (body !== undefined) codes.push('invalid_body')
  }
  if (idempotent) codes.push('invalid_parameter', 'invalid_body', 'idempotency_mismatch', 'idempotency_busy')
  if (ofSymbol) codes.push('invalid_symbol', 'unknown_symbol')
  if (query) codes.push('invalid_parameter')
  if (query && 'at' in query.entries) codes.push('history_not_available')
  if (answer === 'socket') codes.push('upgrade_expected', 'origin_not_allowed')
  return [...codes, ...problems]
}
