import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const bench = (argument: string) =>
  spawnSync(process.execPath, [join(import.meta.dirname, '../bench.ts'), argument], { encoding: 'utf8' })

it('says how a command is called when asked, and when it is called in another way', () => {
  const asked = bench('--help')
  expect([asked.status, asked.stderr]).toEqual([0, ''])
  expect(asked.stdout).toMatch(/^npm run bench -- <engine\|.*\[--json\]\n$/)
  const odd = bench('--odd')
  expect([odd.status, odd.stdout]).toEqual([2, ''])
  expect(odd.stderr).toContain(`Unknown option '--odd'`)
  expect(odd.stderr.endsWith(asked.stdout)).toBe(true)
})
