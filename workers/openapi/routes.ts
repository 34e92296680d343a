/** `GET /openapi.json`: the document of an app's routes, made once per isolate. */
import { Hono } from 'hono'
import type { AppEnv } from '../appEnv.ts'
import { describe } from './describe.ts'
import { openApiDocument } from './document.ts'

const aboutDocument = describe({
  id: 'readDocument',
  tag: 'Document',
  summary: 'This document, OpenAPI 3.1',
  access: 'public',
  answer: { type: 'application/json' },
})

/** `app` is read when the document is first asked for, so its routes may be added later. */
export function documentOf(app: Hono<AppEnv>): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()
  let text: string | undefined

  routes.get('/openapi.json', aboutDocument, async (c) => {
    text ??= JSON.stringify(await openApiDocument(app, c.env.VERSION))
    c.header('Cache-Control', 'public, max-age=300')
    return c.body(text, 200, { 'Content-Type': 'application/json' })
  })
  return routes
}
