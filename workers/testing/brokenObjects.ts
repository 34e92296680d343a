/** Stand-ins for the binding of symbol objects, to see what the Worker does when an object fails. */
import { env } from 'cloudflare:workers'
import type { SymbolStub } from '../symbol/symbolObject.ts'
import type { Env } from '#durable-objects/env'

/** What the platform throws: an Error with flags. */
export function platformError(
  message: string,
  flags: { retryable?: boolean; overloaded?: boolean; remote?: boolean },
): Error {
  return Object.assign(new Error(message), flags)
}

/** The test environment with its objects replaced. `open` is called once per stub. */
export function envWithObjects(open: () => Partial<SymbolStub>): Env {
  return { ...env, SYMBOL: { getByName: open } as unknown as Env['SYMBOL'] }
}
