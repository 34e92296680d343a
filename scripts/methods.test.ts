import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { METRICS } from '#quant/metrics/registry'
import { methodPages } from './methods/pages.ts'

const folder = join(import.meta.dirname, '../docs/methods')

test('the pages are those of the registry (npm run methods writes them)', async () => {
  const pages = await methodPages()
  const written = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => statSync(join(folder, path)).isFile())
  expect(written.sort()).toEqual([...pages.keys()].sort())
  for (const [path, text] of pages)
    expect([path, readFileSync(join(folder, path), 'utf8')]).toEqual([path, text])
})

test.each(METRICS.map((metric) => [metric.id, metric] as const))('%s is described in full', (_, metric) => {
  const { title, unit, method, meaning, formula, source } = metric
  for (const text of [title, unit, formula, source]) expect(text).toMatch(/\S/)
  expect(method).toMatch(/^[a-z0-9_.]+@\d+$/)
  expect(meaning).toMatch(/\.$/)
  // What a figure says, never what to do.
  expect(meaning).not.toMatch(/\b(you|should)\b/i)
})
