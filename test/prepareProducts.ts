/** Once for all tests of the whole product: keys, and a database that is migrated, of which each product takes a copy. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { ensureKeys } from '#scripts/keys/ensureKeys'
import { projectRoot } from '#scripts/local/paths'
import { migrate } from '#scripts/local/worker'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly migratedState: string
  }
}

export default async function prepareProducts({ provide }: TestProject): Promise<() => void> {
  const migratedState = mkdtempSync(join(tmpdir(), 'flipwire-migrated-'))
  await ensureKeys(projectRoot)
  migrate(migratedState)
  provide('migratedState', migratedState)
  return () => rmSync(migratedState, { recursive: true, force: true })
}
