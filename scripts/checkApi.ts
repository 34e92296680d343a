/** Lints the OpenAPI document as the Worker would serve it. Offline. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from './local/paths.ts'

const directory = mkdtempSync(join(tmpdir(), 'flipwire-api-'))
const file = join(directory, 'openapi.json')
const printed = spawnSync('node', ['--disable-warning=ExperimentalWarning', 'scripts/openapi.ts'], {
  cwd: projectRoot,
  maxBuffer: 64 * 1024 * 1024,
  stdio: ['ignore', 'pipe', 'inherit'],
})
writeFileSync(file, printed.stdout)
const linted = spawnSync('redocly', ['lint', '--config', 'redocly.yaml', '--max-problems', '20', file], {
  cwd: projectRoot,
  encoding: 'utf8',
  env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
})
rmSync(directory, { recursive: true })
// Warnings count: there are none.
const passed = printed.status === 0 && linted.status === 0 && !linted.stderr.includes('warning')
if (!passed) console.error(linted.stdout + linted.stderr)
process.exit(passed ? 0 : 1)
