import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const FAULTS = [...Array.from({ length: 22 }, (_, i) => `F${i + 1}`), 'F26', 'F28', 'F33', 'F34']

interface NamedTest {
  readonly path: string
  readonly name: string
}

/** Fault to tests, as docs/design/faults.md has them. */
function namedTests(): Map<string, NamedTest[]> {
  const page = readFileSync(join(ROOT, 'docs/design/faults.md'), 'utf8')
  const rows = [...page.matchAll(/^\| (F\d+) .*\|(.*)\|$/gm)]
  return new Map(rows.map(([, fault = '', cell = '']) => [fault, testsIn(cell)]))
}

function testsIn(cell: string): NamedTest[] {
  return [...cell.matchAll(/`([^`]+)`: “([^”]+)”/g)].map(([, path = '', name = '']) => ({ path, name }))
}

/** As the beginning of a quoted text: the title of a test, or of a row of a table of tests. */
function isThere({ path, name }: NamedTest): boolean {
  const file = join(ROOT, path)
  if (!/\.(test|e2e)\.ts$/.test(path) || !existsSync(file)) return false
  const source = readFileSync(file, 'utf8')
  return [`'`, `"`, '`'].some((quote) => source.includes(quote + name))
}

it('every fault of the catalogue has a test, and every test that is named exists', () => {
  const faults = namedTests()
  expect([...faults.keys()]).toEqual(FAULTS)
  expect([...faults].filter(([, tests]) => tests.length === 0)).toEqual([])
  expect([...faults.values()].flat().filter((named) => !isThere(named))).toEqual([])
})

it('a test that is not there is noticed', () => {
  expect(isThere({ path: 'test/faults.test.ts', name: ['no such', 'test'].join(' ') })).toBe(false)
  expect(isThere({ path: 'test/none.test.ts', name: 'every fault' })).toBe(false)
})
