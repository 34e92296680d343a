/** The Worker as it is deployed: wrangler's own bundle and what wrangler.toml says of it, without an account. */
import { execFile } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import * as v from 'valibot'
import { binDirectory, projectRoot } from '../local/paths.ts'

export interface BuiltWorker {
  /** Holds `index.js`. */
  readonly directory: string
  readonly compatibilityDate: string
  readonly objects: readonly { readonly binding: string; readonly className: string }[]
  readonly vars: Readonly<Record<string, string>>
}

const ConfigSchema = v.object({
  compatibility_date: v.string(),
  durable_objects: v.object({ bindings: v.array(v.object({ name: v.string(), class_name: v.string() })) }),
  vars: v.record(v.string(), v.string()),
})

/** Rejects with wrangler's output when it does not build. */
export async function buildWorker(directory: string): Promise<BuiltWorker> {
  const assets = join(directory, 'no-assets')
  mkdirSync(assets, { recursive: true })
  const args = ['deploy', '--dry-run', '--outdir', directory, '--assets', assets]
  const env = {
    ...process.env,
    PATH: `${binDirectory}:${process.env['PATH']}`,
    CI: 'true',
    WRANGLER_SEND_METRICS: 'false',
  }
  await promisify(execFile)('wrangler', args, { cwd: projectRoot, env }).catch(
    ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => {
      throw new Error(`the Worker does not build:\n${stdout}${stderr}`)
    },
  )
  return { directory, ...(await readConfig()) }
}

async function readConfig(): Promise<Omit<BuiltWorker, 'directory'>> {
  // Loaded here because wrangler takes a second to load, which only a rig should pay.
  const { unstable_readConfig: read } = await import('wrangler')
  const config = v.parse(
    ConfigSchema,
    read({ config: join(projectRoot, 'wrangler.toml') }, { hideWarnings: true }),
  )
  return {
    compatibilityDate: config.compatibility_date,
    objects: config.durable_objects.bindings.map(({ name, class_name: className }) => ({
      binding: name,
      className,
    })),
    vars: config.vars,
  }
}
