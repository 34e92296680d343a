/** Parameters of the document: those of paths by their name, those of queries from the schema that parses them. */
import type { OpenAPIV3_1 } from 'openapi-types'
import * as v from 'valibot'
import { IdempotencyKeySchema } from '#schemas/rest/idempotency'
import { SymbolSchema } from '#schemas/symbol'
import type { QuerySchema } from '../routes/parameters.ts'
import { jsonSchemaOf } from './components.ts'

export const PATH_PARAMETERS = {
  symbol: { schema: SymbolSchema, description: 'An underlying, one of `/v1/symbols`.', example: 'SPX' },
  metric: {
    schema: v.string(),
    description: 'A metric, one of `/v1/methods`.',
    example: 'gammaPulse.netGex',
  },
  id: {
    schema: v.string(),
    description: 'A recorded minute, an open window, an API key or a webhook, from the list beside it.',
    example: '20261120T143000Z',
  },
} as const
export type PathParameter = keyof typeof PATH_PARAMETERS

export function pathParameters(): Record<string, OpenAPIV3_1.ParameterObject> {
  return Object.fromEntries(
    Object.entries(PATH_PARAMETERS).map(([name, { schema, description, example }]) => [
      name,
      { name, in: 'path', required: true, description, example, schema: jsonSchemaOf(schema) as object },
    ]),
  )
}

export function pathParameterRefs(path: string): OpenAPIV3_1.ReferenceObject[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ $ref: `#/components/parameters/${name}` }))
}

export function queryParameters(query: QuerySchema): OpenAPIV3_1.ParameterObject[] {
  return Object.entries(query.entries).map(([name, entry]) => {
    const { description, ...schema } = jsonSchemaOf(entry as v.GenericSchema)
    return {
      name,
      in: 'query',
      required: false,
      ...(description === undefined ? {} : { description }),
      schema: schema as object,
    }
  })
}

export const IDEMPOTENCY_KEY: OpenAPIV3_1.ParameterObject = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'Your own name for this request, e.g. a UUID: asked again with it, the first answer comes again.',
  schema: jsonSchemaOf(IdempotencyKeySchema) as object,
}
