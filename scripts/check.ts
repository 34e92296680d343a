/** `npm run check`: format, lint, types, boundaries, links and the API's document, side by side. Fails if any failed. */
import { spawn } from 'node:child_process'

const STEPS: readonly (readonly [string, readonly string[]])[] = [
  ['format', ['prettier', '--check', '--cache', '--log-level', 'warn', '.']],
  ['lint', ['oxlint', '--deny-warnings', '.']],
  ['types', ['tsc', '-p', 'tsconfig.json']],
  ['types (workers)', ['tsc', '-p', 'tsconfig.workers.json']],
  ['types (web)', ['tsc', '-p', 'tsconfig.web.json']],
  ['boundaries', ['node', 'scripts/checkBoundaries.ts']],
  ['links', ['node', 'scripts/checkLinks.ts']],
  ['api', ['node', 'scripts/checkApi.ts']],
]

/** Whether it passed. What it printed comes in one piece, when it has ended. */
async function passes(name: string, [command = '', ...args]: readonly string[]): Promise<boolean> {
  const started = Date.now()
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], cwd: `${import.meta.dirname}/..` })
  const said: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  process.stdout.write(Buffer.concat(said))
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)`)
  return status === 0
}

const passed = await Promise.all(STEPS.map(([name, command]) => passes(name, command)))
process.exitCode = passed.every(Boolean) ? 0 : 1
