/** The ingest bridge as a child process, posting to a local Worker. */
import { startChild, type Child } from './processes.ts'

export interface LocalBridgeOptions {
  readonly to: string
  readonly journalDirectory: string
  /** Bridge flags, e.g. `['--feed', 'chain', '--file', path]`. */
  readonly flags: readonly string[]
  /** `inherit` shows the bridge's status lines in this terminal. */
  readonly stdio?: 'inherit' | 'pipe'
}

export function startBridge(options: LocalBridgeOptions): Child {
  const { to, journalDirectory, flags, stdio = 'pipe' } = options
  const args = ['--disable-warning=ExperimentalWarning', 'bridge/main.ts']
  args.push('--to', to, '--journal', journalDirectory, ...flags)
  return startChild('node', args, {
    stdio: ['ignore', stdio, stdio],
  })
}
