/** The arguments of a command. `--help` prints how it is called; what cannot be read is said in one line above that. */
import { parseArgs, type ParseArgsConfig } from 'node:util'

export function readOptions<T extends ParseArgsConfig>(
  usage: string,
  config: T,
): ReturnType<typeof parseArgs<T>> {
  if (process.argv.slice(2).includes('--help')) {
    process.stdout.write(`${usage}\n`)
    process.exit(0)
  }
  try {
    return parseArgs(config)
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n${usage}\n`)
    process.exit(2)
  }
}
