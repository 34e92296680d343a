/** Reads every source file git knows of and reports imports that cross a boundary the wrong way. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { violationsIn } from './boundaries.ts'

const root = join(import.meta.dirname, '..')
const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
const files = listed.split('\n').filter((file) => /\.(ts|tsx|mjs)$/.test(file))
const violations = files.flatMap((file) => violationsIn(file, readFileSync(join(root, file), 'utf8')))
for (const { file, specifier, why } of violations) console.error(`${file}: imports ${specifier}, but ${why}`)
process.exit(violations.length === 0 ? 0 : 1)
