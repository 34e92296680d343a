/** `llms.txt`: what a language model needs to use the service, in Markdown, made from the document. */
import type { OpenAPIV3_1 } from 'openapi-types'
import { operationsOf } from './page/page.ts'

export function llmsText(document: OpenAPIV3_1.Document): string {
  const { title, description = '' } = document.info
  const [summary = '', ...details] = description.split('\n\n')
  const sections = (document.tags ?? []).flatMap(({ name, description: about = '' }) => [
    `## ${name}`,
    about,
    operationsOf(document, name)
      .map(
        ({ method, path, operation }) =>
          `- [${method.toUpperCase()} ${path}](/docs#${operation.operationId ?? ''}): ${operation.summary ?? ''}`,
      )
      .join('\n'),
  ])
  const access =
    'Get a token with `POST /v1/auth/guest` and send it as `Authorization: Bearer <token>`. Schemas and examples: [openapi.json](/openapi.json).'
  return `${[`# ${title}`, `> ${summary}`, ...details, access, ...sections].join('\n\n')}\n`
}
