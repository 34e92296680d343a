/** Builds the web into web/dist. True when it worked; Vite has printed why when not. */
import { spawnSync } from 'node:child_process'
import { projectRoot } from './paths.ts'

export function buildWeb(): boolean {
  const { status } = spawnSync('vite', ['build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'], {
    cwd: projectRoot,
    stdio: ['ignore', 2, 2],
  })
  return status === 0
}
