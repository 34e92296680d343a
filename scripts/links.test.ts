import { describe, expect, it } from 'vitest'
import { brokenLinksIn } from './links.ts'

const PAGES: Readonly<Record<string, string>> = {
  'docs/design/access.md':
    '# Access: quotas, keys\n\n## API keys\n\n```sh\n# not a heading\n```\n\n## `GET` & more\n\n## API keys\n',
  'docs/runbook.md': '# Runbook\n',
  'docs/shot.png': '',
}
const read = (file: string): string | null => PAGES[file] ?? null
const brokenIn = (page: string) => brokenLinksIn('docs/design/api.md', `# API\n\n${page}`, read)

describe('links', () => {
  it('follows those to files and headings, from the folder of their page', () => {
    expect(
      brokenIn(
        '[a](access.md) [b](access.md#api-keys) [c](../runbook.md#runbook) ![d](../shot.png) [e](#api) [f](access.md#api-keys-1)',
      ),
    ).toEqual([])
    expect(brokenIn('[a](access.md#access-quotas-keys) [b](access.md#get--more)')).toEqual([])
  })

  it('reports a file that is not there, and a heading that is not', () => {
    expect(brokenIn('see [a](gone.md) and\n[b](access.md#not-a-heading), [c](#gone)')).toEqual([
      { file: 'docs/design/api.md', link: 'gone.md', why: 'there is no such file' },
      { file: 'docs/design/api.md', link: 'access.md#not-a-heading', why: 'there is no such heading' },
      { file: 'docs/design/api.md', link: '#gone', why: 'there is no such heading' },
    ])
  })

  it('leaves alone addresses of the web and what is code', () => {
    expect(
      brokenIn(
        '[a](https://example.com/x.md) [b](mailto:a@example.com) `[c](gone.md)`\n\n```\n[d](gone.md)\n```\n',
      ),
    ).toEqual([])
  })
})
