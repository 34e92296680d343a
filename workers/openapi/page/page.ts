/**
 * The reference page, made from the document: plain HTML and one style sheet, no script. So it needs nothing from
 * elsewhere, runs under the strictest policy, and can be saved and read offline.
 */
import type { JsonSchema } from '@valibot/to-json-schema'
import { html, raw } from 'hono/html'
import type { OpenAPIV3_1 } from 'openapi-types'
import { fieldsOf } from './fields.ts'
import { operationSection } from './operation.ts'
import { STYLE } from './style.ts'
import { table } from './table.ts'
import { inline, prose, type Html } from './text.ts'

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const

const FIRST_CALL = `TOKEN=$(curl -s -X POST $ORIGIN/v1/auth/guest | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
curl -s -H "Authorization: Bearer $TOKEN" $ORIGIN/v1/levels/SPX`

/** `origin` stands in the first call, so that it can be pasted as it is. */
export async function referencePage(document: OpenAPIV3_1.Document, origin: string): Promise<string> {
  const components = document.components ?? {}
  const tags = document.tags ?? []
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${document.info.title} API reference</title>
        ${raw(`<style>${STYLE}</style>`)}
      </head>
      <body>
        <a class="skip" href="#content">Skip to content</a>
        <nav aria-label="Operations">
          ${tags.map(
            ({ name }) =>
              html`<h2>${name}</h2>
                <ul>
                  ${operationsOf(document, name).map(
                    ({ operation }) =>
                      html`<li><a href="#${operation.operationId}">${operation.summary}</a></li>`,
                  )}
                </ul>`,
          )}
          <h2>Models</h2>
          <ul>
            ${Object.keys(components.schemas ?? {}).map(
              (name) => html`<li><a href="#model-${name}">${name}</a></li>`,
            )}
          </ul>
        </nav>
        <main id="content">
          <h1>${document.info.title} API <small>${document.info.version}</small></h1>
          ${prose(document.info.description)}
          <p>For machines: <a href="/openapi.json">openapi.json</a>, <a href="/llms.txt">llms.txt</a>.</p>
          <h2>First call</h2>
          <pre tabindex="0">${FIRST_CALL.replaceAll('$ORIGIN', origin)}</pre>
          ${tags.map(
            ({ name, description }) =>
              html`<h2 id="tag-${name}">${name}</h2>
                ${prose(description)}
                ${operationsOf(document, name).map(({ method, path, operation }) =>
                  operationSection(method, path, operation, components),
                )}`,
          )}
          <h2>Models</h2>
          ${Object.entries(components.schemas ?? {}).map(([name, schema]) => modelSection(name, schema as JsonSchema))}
        </main>
      </body>
    </html>`
  return String(await page)
}

export interface ListedOperation {
  readonly method: string
  readonly path: string
  readonly operation: OpenAPIV3_1.OperationObject
}

export function operationsOf(document: OpenAPIV3_1.Document, tag: string): ListedOperation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    METHODS.flatMap((method) => {
      const operation = item?.[method]
      return operation?.tags?.includes(tag) ? [{ method, path, operation }] : []
    }),
  )
}

function modelSection(name: string, schema: JsonSchema): Html {
  const rows = fieldsOf(schema).map(({ name: field, isOptional, type, description }) => [
    html`<code>${field}</code>${isOptional ? ' (optional)' : ''}`,
    type.model ? html`<a href="#model-${type.model}">${type.text}</a>` : type.text,
    inline(description),
  ])
  return html`<section class="model" id="model-${name}">
    <h3>${name}</h3>
    ${table(`Fields of ${name}`, ['Field', 'Type', 'Meaning'], rows)}
  </section>`
}
