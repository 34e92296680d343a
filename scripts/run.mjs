// Entry of every npm script. Plain JavaScript, because it must run on whatever Node (20 or later) the machine has:
// it installs what is missing and then hands over to the pinned Node that the tools need (see docs/adr/0001).
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const bin = (name) => join(root, 'node_modules', '.bin', name)
const stamp = join(root, 'node_modules', '.installed-lock')

const COMMANDS = {
  start: ['scripts/start.ts'],
  bridge: ['bridge/main.ts'],
  analyze: ['scripts/analyze.ts'],
  greeks: ['scripts/greeks.ts'],
  bench: ['scripts/bench.ts'],
  chaos: ['scripts/chaos.ts'],
  methods: ['scripts/methods.ts'],
  openapi: ['scripts/openapi.ts'],
  scale: ['scripts/scale.ts'],
  token: ['scripts/token.ts'],
  drain: ['scripts/drain.ts'],
  tier: ['scripts/tier.ts'],
  client: ['scripts/client.ts'],
  check: ['scripts/check.ts'],
  test: ['scripts/test.ts'],
}

const [command = '', ...args] = process.argv.slice(2)
const script = COMMANDS[command]
if (!script) {
  console.error(`expected one of ${Object.keys(COMMANDS).join(', ')}, was "${command}"`)
  process.exit(2)
}
installIfNeeded()
const result = spawnSync(
  bin('node'),
  ['--disable-warning=ExperimentalWarning', join(root, script[0]), ...args],
  {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` },
  },
)
process.exit(result.status ?? 1)

/** `npm ci` when node_modules does not match the lockfile. Its output goes to stderr: stdout belongs to the command. */
function installIfNeeded() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(bin('node')) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  console.error('Installing dependencies (about a minute, once) …')
  const install = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (install.status !== 0) {
    console.error('npm ci failed: see above. A proxy or blocked install scripts are the usual causes.')
    process.exit(install.status ?? 1)
  }
  const version = spawnSync(bin('node'), ['--version'], { encoding: 'utf8' }).stdout?.trim()
  if (!version?.startsWith('v22.')) {
    console.error(
      `expected the pinned Node 22 in node_modules, was ${version || 'nothing'}: are install scripts blocked?`,
    )
    process.exit(1)
  }
  writeFileSync(stamp, lock)
}
