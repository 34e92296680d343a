import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Tier } from '#schemas/tiers'
import { readDevVars } from '../keys/devVars.ts'
import { bridgeKeyPath, ensureKeys } from '../keys/ensureKeys.ts'
import { localToken } from '../keys/localToken.ts'
import { binDirectory } from '../local/paths.ts'
import { freePort } from '../local/ports.ts'
import { startChild, type Child } from '../local/processes.ts'
import { buildWorker, type BuiltWorker } from './buildWorker.ts'
import { workerdConfig } from './workerdConfig.ts'

const START_WITHIN_MS = 20_000
const TOKEN_SECONDS = 900
/** workerd holds two descriptors per socket, and ends when it has none left. Only root may raise its limit. */
const WITH_DESCRIPTORS = 'ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -Hn)"; exec "$@"'

/** Our Worker on a bare workerd, on one port and one storage directory for as many lives as it is given. */
export interface WorkerdServer {
  readonly url: string
  readonly bridgeKeyFile: string
  /** Of the life in progress. */
  readonly pid: number
  token(tier?: Tier, subject?: string): Promise<string>
  /** kill -9; resolves once the process is gone. */
  kill(): Promise<void>
  /** Stops the process without ending it, until `thaw`. */
  freeze(): void
  thaw(): void
  /** A new life on the same storage; resolves once it answers. */
  start(): Promise<void>
  /** Rejects with what it wrote when a life ends that nobody ended. */
  readonly died: Promise<never>
  /** What it has written to stderr so far, all lives. */
  readonly errors: () => string
  /** kill -9 and removal of everything. */
  remove(): Promise<void>
}

/** `built`: to spare the building, where several are started. */
export async function startWorkerd(
  vars: Readonly<Record<string, string>> = {},
  built?: BuiltWorker,
): Promise<WorkerdServer> {
  const directory = mkdtempSync(join(tmpdir(), 'flipwire-workerd-'))
  mkdirSync(join(directory, 'objects'))
  await ensureKeys(directory)
  const worker = built ?? (await buildWorker(join(directory, 'build')))
  copyFileSync(join(worker.directory, 'index.js'), join(directory, 'index.js'))
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const config = join(directory, 'config.capnp')
  writeFileSync(config, workerdConfig({ worker, port, vars: { ...secretsOf(directory), ...vars } }))
  let errors = ''
  let child: Child | null = null

  let fail: (error: Error) => void = () => undefined
  const died = new Promise<never>((_, reject) => (fail = reject))
  died.catch(() => undefined)

  const kill = async (): Promise<void> => {
    const ended = child
    child = null
    await ended?.kill('SIGKILL')
  }
  const start = async (): Promise<void> => {
    const args = ['serve', config, `--directory-path=objects=${join(directory, 'objects')}`]
    const command = ['-c', WITH_DESCRIPTORS, 'sh', join(binDirectory, 'workerd'), ...args]
    const life = startChild('sh', command, { stdio: ['ignore', 'ignore', 'pipe'] })
    child = life
    life.process.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()))
    void life.exited.then(() => life === child && fail(new Error(`workerd ended:\n${errors}`)))
    await untilAnswering(url, life, () => errors)
  }
  const remove = async (): Promise<void> => {
    await kill()
    rmSync(directory, { recursive: true, force: true })
  }
  await start().catch(async (error: unknown) => {
    await remove()
    throw error
  })
  return {
    url,
    bridgeKeyFile: bridgeKeyPath(directory),
    get pid() {
      return child?.process.pid ?? 0
    },
    token: (tier = 'partner', subject = 'rig') =>
      localToken(directory, { subject, tier, lifeSeconds: TOKEN_SECONDS }),
    kill,
    freeze: () => void child?.process.kill('SIGSTOP'),
    thaw: () => void child?.process.kill('SIGCONT'),
    start,
    died,
    errors: () => errors,
    remove,
  }
}

function secretsOf(directory: string): Record<string, string> {
  const { AUTH_PRIVATE_JWK = '', INGEST_PUBLIC_JWKS = '' } = readDevVars(directory)
  return { AUTH_PRIVATE_JWK, INGEST_PUBLIC_JWKS }
}

/** Until it serves its keys, which needs no storage. */
async function untilAnswering(url: string, child: Child, errors: () => string): Promise<void> {
  const { process } = child
  const hasEnded = (): boolean => process.exitCode !== null || process.signalCode !== null
  const deadline = Date.now() + START_WITHIN_MS
  while (Date.now() < deadline && !hasEnded()) {
    const answers = await fetch(`${url}/.well-known/jwks.json`).then(
      (response) => response.ok,
      () => false,
    )
    if (answers) return
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`workerd ${hasEnded() ? 'ended' : 'did not answer'}:\n${errors()}`)
}
