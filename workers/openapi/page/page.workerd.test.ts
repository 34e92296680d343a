import { describe, expect, it } from 'vitest'
import type { OpenAPIV3_1 } from 'openapi-types'
import { send } from '../../testing/requests.ts'

const text = async (path: string) => (await send(path)).text()

describe('the reference page', () => {
  it('has every operation and model of the document, and no link within it leads nowhere', async () => {
    const document = JSON.parse(await text('/openapi.json')) as OpenAPIV3_1.Document
    const page = await text('/docs')
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    const operations = Object.values(document.paths ?? {}).flatMap((item) =>
      Object.values(item ?? {}).map((operation) => (operation as OpenAPIV3_1.OperationObject).operationId),
    )
    const models = Object.keys(document.components?.schemas ?? {}).map((name) => `model-${name}`)
    expect(operations.length).toBeGreaterThan(15)
    expect(ids).toEqual(expect.arrayContaining([...operations, ...models]))
    expect(new Set(ids).size).toBe(ids.length)
    const links = [...page.matchAll(/ href="#([^"]+)"/g)].map(([, id]) => id)
    expect(links.filter((id) => !ids.includes(id))).toEqual([])
  })

  it('may use its own style sheet and nothing else', async () => {
    const response = await send('/docs')
    const policy = response.headers.get('content-security-policy') ?? ''
    const page = await response.text()
    const style = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] ?? ''
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style))
    const hash = btoa(String.fromCharCode(...new Uint8Array(digest)))
    expect(policy).toContain(`default-src 'none'; style-src 'sha256-${hash}'`)
    expect(page).not.toMatch(/<script|<link|<img|style="| on\w+="|url\(|@import/)
  })

  it('is text, whatever the document says', async () => {
    expect(await text('/docs')).toContain('{&quot;op&quot;:&quot;subscribe&quot;')
  })
})

describe('llms.txt', () => {
  it('names every operation once, with a link to it', async () => {
    const document = JSON.parse(await text('/openapi.json')) as OpenAPIV3_1.Document
    const lines = (await text('/llms.txt')).split('\n')
    expect(lines[0]).toBe('# Flipwire')
    for (const [path, item] of Object.entries(document.paths ?? {}))
      for (const method of Object.keys(item ?? {}))
        expect(
          lines.filter((line) => line.startsWith(`- [${method.toUpperCase()} ${path}](/docs#`)),
        ).toHaveLength(1)
  })
})
