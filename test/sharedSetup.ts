/**
 * What one is enough of for all files of tests of the whole product: keys, a migrated database of which each product takes a
 * copy, the Worker built as it is deployed, and a running market. Each is made when a file first asks for it, over HTTP, in
 * the process that outlives the files.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { ensureKeys } from '#scripts/keys/ensureKeys'
import { projectRoot } from '#scripts/local/paths'
import { freePort } from '#scripts/local/ports'
import { migrate } from '#scripts/local/worker'
import { buildWorker, type BuiltWorker } from '#scripts/rig/buildWorker'
import { openMarket } from './market.ts'
import { startProductOn, type Product } from './product.ts'

export interface Shared {
  /** The directory. */
  readonly migratedState: string
  readonly builtWorker: BuiltWorker
  /** Where it is served. */
  readonly market: string
}

declare module 'vitest' {
  export interface ProvidedContext {
    readonly sharedUrl: string
  }
}

export default async function shareWhatIsEnoughOnce({ provide }: TestProject): Promise<() => Promise<void>> {
  const directory = mkdtempSync(join(tmpdir(), 'flipwire-shared-'))
  await ensureKeys(projectRoot)
  let product: Product | null = null
  const migratedState = once(async () => {
    const state = join(directory, 'state')
    await migrate(state)
    return state
  })
  const made: { readonly [K in keyof Shared]: () => Promise<Shared[K]> } = {
    migratedState,
    builtWorker: once(() => buildWorker(join(directory, 'build'))),
    market: once(async () => {
      // Nobody needs a token in an address: the desk and the clients take tickets.
      product = await startProductOn(await migratedState(), { ACCESS_TOKEN_IN_QUERY: 'off' })
      await openMarket(product)
      return product.url
    }),
  }
  const port = await freePort()
  const server = createServer((request, response) => {
    void answer(response, made[request.url?.slice(1) as keyof Shared])
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  provide('sharedUrl', `http://127.0.0.1:${port}`)
  return async () => {
    server.close()
    await product?.stop()
    rmSync(directory, { recursive: true, force: true })
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => (made ??= make())
}

async function answer(response: ServerResponse, make: () => Promise<unknown>): Promise<void> {
  try {
    response.end(JSON.stringify(await make()))
  } catch (error) {
    response.writeHead(500).end(String(error))
  }
}
