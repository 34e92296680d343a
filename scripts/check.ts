/** `npm run check`: format, lint, types, boundaries and the API's document. Runs all of them and fails if any failed. */
import { spawnSync } from 'node:child_process'

const STEPS: readonly (readonly [string, readonly string[]])[] = [
  ['format', ['prettier', '--check', '--cache', '--log-level', 'warn', '.']],
  ['lint', ['oxlint', '--deny-warnings', '.']],
  ['types', ['tsc', '-p', 'tsconfig.json']],
  ['types (workers)', ['tsc', '-p', 'tsconfig.workers.json']],
  ['types (web)', ['tsc', '-p', 'tsconfig.web.json']],
  ['boundaries', ['node', 'scripts/checkBoundaries.ts']],
  ['api', ['node', 'scripts/checkApi.ts']],
]

let failed = 0
for (const [name, [command = '', ...args]] of STEPS) {
  const started = Date.now()
  const { status } = spawnSync(command, args, { stdio: 'inherit', cwd: `${import.meta.dirname}/..` })
  if (status !== 0) failed++
  console.log(
    `${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
  )
}
process.exit(failed === 0 ? 0 : 1)
