import { build } from 'vite'

/** One JavaScript file of an entry and all it imports, as production runs it. */
export async function bundled(entry: string, target: 'node' | 'webworker'): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, target },
    build: {
      ssr: entry,
      write: false,
      minify: false,
      rollupOptions: { external: ['cloudflare:workers'], output: { format: 'es' } },
    },
  })
  const [output] = [result].flat()
  const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined
  if (chunk === undefined) throw new Error(`expected one bundle of ${entry}`)
  return chunk.code
}
