/** Problem answers of an operation, one response per status, with an example of each code. */
import type { OpenAPIV3_1 } from 'openapi-types'
import { PROBLEMS, type Problem, type ProblemCode } from '#schemas/problem'
import { componentRef } from './components.ts'

export function problemResponses(codes: readonly ProblemCode[]): Record<string, OpenAPIV3_1.ResponseObject> {
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEMS[code][0])
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [String(status), problemResponse(group)] as const),
  )
}

function problemResponse(codes: readonly ProblemCode[]): OpenAPIV3_1.ResponseObject {
  return {
    description: codes.map((code) => `${PROBLEMS[code][1]} (\`${code}\`).`).join(' '),
    content: {
      'application/problem+json': {
        schema: componentRef('Problem'),
        examples: Object.fromEntries(
          codes.map((code) => [code, { $ref: `#/components/examples/${code}` }] as const),
        ),
      },
    },
  }
}

/** Of every code there is. */
export function problemExamples(): Record<string, OpenAPIV3_1.ExampleObject> {
  return Object.fromEntries(
    (Object.keys(PROBLEMS) as ProblemCode[]).map((code) => [code, { value: exampleOf(code) }] as const),
  )
}

function exampleOf(code: ProblemCode): Problem {
  const [status, title] = PROBLEMS[code]
  return {
    type: `urn:flipwire:problem:${code}`,
    title,
    status,
    detail: 'What was expected, and what came.',
    instance: '/v1/levels/SPX',
    code,
    requestId: '6f1c2b9e-2f0e-4c0a-9d3b-0c8f3b0f8a11',
    ...(code === 'upgrade_required' ? { requiredTier: 'pro', upgradeUrl: '/?upgrade' } : {}),
  }
}
