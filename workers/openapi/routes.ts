/** The document of an app's routes as JSON, as a page and as `llms.txt`, made once per isolate. */
import { Hono } from 'hono'
import type { OpenAPIV3_1 } from 'openapi-types'
import type { AppEnv } from '../appEnv.ts'
import { describe } from './describe.ts'
import { openApiDocument } from './document.ts'
import { llmsText } from './llms.ts'
import { referencePage } from './page/page.ts'
import { pagePolicy } from './page/style.ts'

const aboutDocument = describe({
  id: 'readDocument',
  tag: 'Document',
  summary: 'This document, OpenAPI 3.1',
  access: 'public',
  answer: { type: 'application/json' },
})

const aboutPage = describe({
  id: 'readReference',
  tag: 'Document',
  summary: 'The same as a page',
  access: 'public',
  answer: { type: 'text/html' },
})

const aboutLlms = describe({
  id: 'readLlmsText',
  tag: 'Document',
  summary: 'The same in short, for language models',
  access: 'public',
  answer: { type: 'text/plain' },
})

const CACHE = 'public, max-age=300'

/** `app` is read when the document is first asked for, so its routes may be added later. */
export function documentOf(app: Hono<AppEnv>): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()
  let made: OpenAPIV3_1.Document | undefined
  let page = { origin: '', text: '' }
  const document = async (version: string) => (made ??= await openApiDocument(app, version))

  routes.get('/openapi.json', aboutDocument, async (c) =>
    c.json(await document(c.env.VERSION), 200, { 'Cache-Control': CACHE }),
  )

  routes.get('/docs', aboutPage, async (c) => {
    const { origin } = new URL(c.req.url)
    if (page.origin !== origin)
      page = { origin, text: await referencePage(await document(c.env.VERSION), origin) }
    return c.html(page.text, 200, { 'Cache-Control': CACHE, 'Content-Security-Policy': await pagePolicy() })
  })

  routes.get('/llms.txt', aboutLlms, async (c) =>
    c.text(llmsText(await document(c.env.VERSION)), 200, { 'Cache-Control': CACHE }),
  )
  return routes
}
