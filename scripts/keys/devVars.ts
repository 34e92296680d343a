/** `.dev.vars`, the secrets of the local Worker: dotenv lines that an operator may edit. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'

export function devVarsPath(root: string): string {
  return join(root, '.dev.vars')
}

/** Empty when there is no file. */
export function readDevVars(root: string): Readonly<Record<string, string | undefined>> {
  const path = devVarsPath(root)
  return existsSync(path) ? parseEnv(readFileSync(path, 'utf8')) : {}
}

/** Sets variables in place and appends new ones; other lines and comments stay as they are. */
export function writeDevVars(root: string, values: Readonly<Record<string, string>>): void {
  const path = devVarsPath(root)
  const lines = existsSync(path) ? readFileSync(path, 'utf8').replace(/\n+$/, '').split('\n') : []
  const kept = lines.filter((line) => !Object.keys(values).some((name) => isAssignment(line, name)))
  // Single quotes: JSON holds double ones and never these.
  const set = Object.entries(values).map(([name, value]) => `${name}='${value}'`)
  const text = [...kept, ...set].filter((line, i) => line !== '' || i > 0).join('\n')
  writeFileSync(path, `${text}\n`, { mode: 0o600 })
}

function isAssignment(line: string, name: string): boolean {
  return line.trimStart().startsWith(`${name}=`)
}
