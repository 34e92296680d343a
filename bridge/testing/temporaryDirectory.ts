import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A directory that is gone after the test; to be asked for inside it. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'flipwire-bridge-'))
  // A hook of this module would serve one test file only where modules are shared between files.
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}
