/** The Worker on this machine: local D1 migrations, then `wrangler dev` with local R2 and objects, no account. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { binDirectory, projectRoot } from './paths.ts'
import { freePort } from './ports.ts'
import { startChild, type Child } from './processes.ts'

export interface LocalWorkerOptions {
  readonly port: number
  /** Where D1, R2 and the objects keep their files. */
  readonly stateDirectory: string
  /** Overrides of `[vars]`. */
  readonly vars?: Readonly<Record<string, string>>
}

export interface LocalWorker extends Child {
  readonly url: string
}

const OFFLINE = { CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false', CI: 'true' }

/** Applies the D1 migrations that are not applied yet. Rejects with wrangler's output when one fails. */
export async function migrate(stateDirectory: string): Promise<void> {
  const args = ['d1', 'migrations', 'apply', 'DB', '--local', '--persist-to', stateDirectory]
  const env = { ...process.env, ...OFFLINE, PATH: `${binDirectory}:${process.env['PATH']}` }
  await promisify(execFile)('wrangler', args, { cwd: projectRoot, env }).catch(
    ({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }) => {
      throw new Error(`D1 migrations failed:\n${stdout}${stderr}`)
    },
  )
}

/** Starts the Worker and waits until `/v1/health` answers. */
export async function startWorker(options: LocalWorkerOptions): Promise<LocalWorker> {
  const { port, stateDirectory, vars = {} } = options
  const args = ['dev', '--ip', '127.0.0.1', '--port', String(port), '--persist-to', stateDirectory]
  // Its own inspector port, too: two that start at once would both take the default.
  args.push('--inspector-port', String(await freePort()))
  args.push('--show-interactive-dev-session=false', '--log-level', 'warn')
  for (const [name, value] of Object.entries(vars)) args.push('--var', `${name}:${value}`)
  const child = startChild('wrangler', args, { env: OFFLINE })
  const url = `http://127.0.0.1:${port}`
  await untilHealthy(url, child)
  return { ...child, url }
}

async function untilHealthy(url: string, child: Child): Promise<void> {
  let output = ''
  child.process.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.process.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = child.exited.then((code) => {
    throw new Error(`the Worker ended with ${code}:\n${output}`)
  })
  const deadline = Date.now() + 60_000
  while (Date.now() < deadline) {
    const healthy = fetch(`${url}/v1/health`).then(
      (response) => response.ok,
      () => false,
    )
    if (await Promise.race([healthy, ended])) return
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 100)), ended])
  }
  throw new Error(`the Worker did not answer ${url}/v1/health within 60 s:\n${output}`)
}
