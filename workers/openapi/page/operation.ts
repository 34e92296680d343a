/** One operation of the reference page. */
import type { JsonSchema } from '@valibot/to-json-schema'
import { html } from 'hono/html'
import type { OpenAPIV3_1 } from 'openapi-types'
import { typeOf } from './fields.ts'
import { table } from './table.ts'
import { inline, prose, type Html } from './text.ts'

type Components = OpenAPIV3_1.ComponentsObject

export function operationSection(
  method: string,
  path: string,
  operation: OpenAPIV3_1.OperationObject,
  components: Components,
): Html {
  return html`<section class="operation" id="${operation.operationId ?? ''}">
    <h3><span class="method">${method.toUpperCase()}</span> <code>${path}</code></h3>
    <p class="summary">${inline(operation.summary ?? '')}</p>
    ${prose(operation.description)} ${parameterTable(operation, components)} ${bodyLine(operation)}
    ${answers(operation)} ${example(operation)}
  </section>`
}

function parameterTable({ parameters = [] }: OpenAPIV3_1.OperationObject, components: Components): Html {
  if (parameters.length === 0) return html``
  const rows = parameters.map((given) => {
    const parameter = '$ref' in given ? resolved(given.$ref, components) : given
    const schema = (parameter.schema ?? {}) as JsonSchema
    const fallback = schema.default === undefined ? '' : ` Without it ${JSON.stringify(schema.default)}.`
    const name = html`<code>${parameter.name}</code>`
    return [name, parameter.in, typeOf(schema).text, inline((parameter.description ?? '') + fallback)]
  })
  return table('Parameters', ['Parameter', 'In', 'Type', 'Meaning'], rows)
}

function resolved(ref: string, components: Components): OpenAPIV3_1.ParameterObject {
  return components.parameters?.[ref.split('/').at(-1) ?? ''] as OpenAPIV3_1.ParameterObject
}

function bodyLine({ requestBody }: OpenAPIV3_1.OperationObject): Html {
  if (requestBody === undefined || '$ref' in requestBody) return html``
  const body = requestBody.content['application/json']
  return html`<p>Body: ${contentLine(requestBody.content)}</p>
    ${exampleOf('Example body', body)}`
}

function answers({ responses = {} }: OpenAPIV3_1.OperationObject): Html {
  const lines = Object.entries(responses).map(([status, response]) => {
    const { description = '', content } = response as OpenAPIV3_1.ResponseObject
    const isProblem = content !== undefined && 'application/problem+json' in content
    return html`<li>
      <b>${status}</b> ${inline(description)} ${content && !isProblem ? contentLine(content) : ''}
    </li>`
  })
  return html`<ul class="answers">
    ${lines}
  </ul>`
}

function contentLine(content: NonNullable<OpenAPIV3_1.ResponseObject['content']>): Html[] {
  return Object.entries(content).map(([type, { schema }], i) => {
    const models = [...JSON.stringify(schema ?? {}).matchAll(/#\/components\/schemas\/(\w+)/g)]
    const links = models.map(([, name]) => html` <a href="#model-${name}">${name}</a>`)
    return html`${i === 0 ? '' : ', '}<code>${type}</code>${links}`
  })
}

function example({ responses = {} }: OpenAPIV3_1.OperationObject): Html {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
  const content = success && 'content' in success ? success.content?.['application/json'] : undefined
  return exampleOf('Example answer', content)
}

function exampleOf(title: string, content: { readonly example?: unknown } | undefined): Html {
  if (content?.example === undefined) return html``
  return html`<details>
    <summary>${title}</summary>
    <pre tabindex="0">${JSON.stringify(content.example, null, 2)}</pre>
  </details>`
}
