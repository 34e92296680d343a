import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { binDirectory } from '../../local/paths.ts'
import { freePort } from '../../local/ports.ts'
import { startChild } from '../../local/processes.ts'
import { bundled } from '../engine/bundle.ts'

const CONFIG = (port: number): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "objects", disk = (path = "objects", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed "index.js")],
  compatibilityDate = "2026-09-15",
  durableObjectNamespaces = [(className = "Calls", uniqueKey = "Calls", enableSql = true)],
  durableObjectStorage = (localDisk = "objects"),
  bindings = [(name = "CALLS", durableObjectNamespace = "Calls")],
);
`
const START_WITHIN_MS = 20_000

/** Serves `constant` at the returned address: `/constant` as it is, `/written` once the header `account`'s object has a row of it. */
export async function startBareHono(
  constant: string,
): Promise<{ readonly url: string; readonly pid: number; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'flipwire-hono-'))
  const port = await freePort()
  writeFileSync(
    join(folder, 'index.js'),
    await bundled(join(import.meta.dirname, 'bareHono.ts'), 'webworker'),
  )
  writeFileSync(join(folder, 'config.capnp'), CONFIG(port))
  mkdirSync(join(folder, 'objects'))
  const args = ['serve', join(folder, 'config.capnp'), `--directory-path=objects=${join(folder, 'objects')}`]
  const child = startChild(join(binDirectory, 'workerd'), args, { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}`
  const deadline = Date.now() + START_WITHIN_MS
  const put = () =>
    fetch(`${url}/constant`, { method: 'PUT', body: constant }).then(
      ({ ok }) => ok,
      () => false,
    )
  while (!(await put())) {
    if (Date.now() > deadline) throw new Error('the bare Hono did not come up')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    pid: child.process.pid ?? 0,
    async stop() {
      await child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
