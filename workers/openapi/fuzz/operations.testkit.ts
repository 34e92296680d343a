/** The operations of the document, and what it says an answer of each may be. */
import type { OpenAPIV3_1 } from 'openapi-types'
import * as v from 'valibot'
import { ProblemSchema } from '#schemas/problem'
import { COMPONENTS, type ComponentName } from '../components.ts'
import type { Verdict } from './samples.testkit.ts'

export interface Operation {
  readonly method: string
  /** `/v1/levels/{symbol}` */
  readonly pattern: string
  readonly about: OpenAPIV3_1.OperationObject
  readonly parameters: readonly OpenAPIV3_1.ParameterObject[]
}

export interface Answer {
  readonly status: number
  readonly type: string
  readonly text: string
}

/** A path may be spelled so that it is another. */
const OF_OTHER_ROUTES = ['unknown_route', 'method_not_allowed']

export function operationsOf({ paths = {}, components }: OpenAPIV3_1.Document): Operation[] {
  const resolved = (given: OpenAPIV3_1.ParameterObject | OpenAPIV3_1.ReferenceObject) =>
    '$ref' in given ? components?.parameters?.[given.$ref.split('/').at(-1) ?? ''] : given
  return Object.entries(paths).flatMap(([pattern, item]) =>
    Object.entries(item ?? {}).map(([method, operation]): Operation => {
      const about = operation as OpenAPIV3_1.OperationObject
      const parameters = (about.parameters ?? []).map(resolved) as OpenAPIV3_1.ParameterObject[]
      return { method: method.toUpperCase(), pattern, about, parameters }
    }),
  )
}

export function takes({ about }: Operation, credential: string): boolean {
  return about.security?.some((way) => credential in way) ?? false
}

/** What is wrong with an answer to a call of this verdict; null when it is as documented. */
export function defectOf({ about }: Operation, verdict: Verdict, answer: Answer): string | null {
  const { status, type, text } = answer
  const said = `${status} ${type} ${text.slice(0, 300)}`
  if (status >= 500 && status !== 501) return `expected no failure, was ${said}`
  if (verdict === 'good' && status === 400) return `expected a good call to be taken, was ${said}`
  if (verdict === 'bad' && status < 400) return `expected a bad call to be refused, was ${said}`
  const isProblem = type === 'application/problem+json'
  if (isProblem) {
    const problem = v.safeParse(ProblemSchema, JSON.parse(text))
    if (!problem.success || problem.output.status !== status)
      return `expected a problem of the model, was ${said}`
    if (OF_OTHER_ROUTES.includes(problem.output.code)) return null
    const isNamed = JSON.stringify(about.responses?.[status] ?? '').includes(`/${problem.output.code}"`)
    return isNamed ? null : `expected a documented problem, was ${said}`
  }
  const documented = about.responses?.[status] as OpenAPIV3_1.ResponseObject | undefined
  if (documented === undefined) return `expected a documented status, was ${said}`
  if (documented.content === undefined) return text === '' ? null : `expected no body, was ${said}`
  const content = documented.content[type]
  if (content === undefined) return `expected a documented type, was ${said}`
  const models = [...JSON.stringify(content.schema ?? '').matchAll(/schemas\/(\w+)"/g)].map(
    ([, name]) => name,
  )
  const isOfModel = models.some((name) => v.is(COMPONENTS[name as ComponentName], JSON.parse(text)))
  return models.length === 0 || isOfModel ? null : `expected ${models.join(' or ')}, was ${said}`
}
