/** The OpenAPI 3.1 document of the routes of an app, from what stands beside each of them. */
import type { Hono } from 'hono'
import { generateSpecs } from 'hono-openapi'
import type { OpenAPIV3_1 } from 'openapi-types'
import type { AppEnv } from '../appEnv.ts'
import { componentSchemas } from './components.ts'
import { withGlossary } from './glossary.ts'
import { headerComponents } from './headers.ts'
import { pathParameterRefs, pathParameters } from './parameters.ts'
import { problemExamples } from './problems.ts'
import { SECURITY } from './security.ts'
import { TAGS } from './tags.ts'
import { webhooksOfDocument } from './webhooks.ts'

const DESCRIPTION = `Live dealer-gamma analytics from option ticks.

Answers about a symbol are \`{data, meta}\`: \`meta\` says the market time, the position in the stream, the feed (synthetic, live, delayed or recorded), the dealer-sign model and the quality. A number that cannot be computed is null, and \`reasons\` says why. Exposures are in \`meta.currency\` per 1 % move of the underlying.

Errors are RFC 9457 problem documents with a stable \`code\`. Reads carry an \`ETag\`; a repeat with \`If-None-Match\` is free of charge. New fields may appear in any answer at any time; none changes its meaning or goes without a new version in the path.`

export async function openApiDocument(app: Hono<AppEnv>, version: string): Promise<OpenAPIV3_1.Document> {
  const document = await generateSpecs(app, {
    excludeStaticFile: false,
    documentation: {
      info: {
        title: 'Flipwire',
        version,
        description: DESCRIPTION,
        license: { name: 'Proprietary', url: '/' },
      },
      servers: [{ url: '/', description: 'This service.' }],
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: {
        schemas: withGlossary(componentSchemas()) as Record<string, OpenAPIV3_1.SchemaObject>,
        parameters: pathParameters(),
        examples: problemExamples(),
        headers: headerComponents(),
        securitySchemes: SECURITY,
      },
    },
  })
  return {
    ...document,
    paths: withPathParameters(document.paths ?? {}),
    webhooks: webhooksOfDocument(),
  } as OpenAPIV3_1.Document
}

/** The generator knows of a path's parameters only that they are strings. */
function withPathParameters(paths: OpenAPIV3_1.PathsObject): OpenAPIV3_1.PathsObject {
  const described = (path: string, { parameters = [], ...operation }: OpenAPIV3_1.OperationObject) => ({
    ...operation,
    parameters: [
      ...pathParameterRefs(path),
      ...parameters.filter((given) => !('in' in given && given.in === 'path')),
    ],
  })
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [
      path,
      Object.fromEntries(
        Object.entries(item ?? {}).map(([method, operation]) => [
          method,
          described(path, operation as OpenAPIV3_1.OperationObject),
        ]),
      ),
    ]),
  )
}
