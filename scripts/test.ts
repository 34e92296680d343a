/**
 * `npm test`: builds the web once (the browser tests serve it) and runs every vitest project. Arguments pass through,
 * e.g. `npm test -- --project node quant`.
 */
import { spawnSync } from 'node:child_process'
import { buildWeb } from './local/buildWeb.ts'

const args = process.argv.slice(2)
const wantsBrowser = !args.includes('--project') || args.includes('e2e')
if (wantsBrowser && !buildWeb()) process.exit(1)
const { status } = spawnSync('node', ['node_modules/vitest/vitest.mjs', 'run', ...args], {
  stdio: 'inherit',
  cwd: `${import.meta.dirname}/..`,
})
process.exit(status ?? 1)
