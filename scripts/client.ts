/** `npm run client [folder]`: builds `@flipwire/client` and packs it for `npm install`. Prints the name of the file. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { projectRoot } from './local/paths.ts'

const folder = join(projectRoot, 'client', 'package')
const [destination = projectRoot] = process.argv.slice(2)

run('tsc', ['-p', join(folder, 'tsconfig.json')])
run('npm', ['pack', '--silent', '--pack-destination', resolve(destination), folder])
rmSync(join(folder, 'dist'), { recursive: true })

function run(command: string, args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: projectRoot, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
