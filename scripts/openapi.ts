/** `npm run openapi`: prints the OpenAPI document, e.g. for a linter or a generator of clients. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'vite'
import { projectRoot } from './local/paths.ts'

// Bundled as for the Worker, because Node alone cannot import itty-durable: it is ESM that does not say so.
const outDir = mkdtempSync(join(tmpdir(), 'flipwire-openapi-'))
try {
  await build({
    root: projectRoot,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: 'workers/openapi/print.ts',
      outDir,
      rolldownOptions: { output: { entryFileNames: 'print.mjs' } },
    },
  })
  await import(join(outDir, 'print.mjs'))
} finally {
  rmSync(outDir, { recursive: true })
}
