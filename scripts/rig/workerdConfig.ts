/**
 * The configuration with which a bare workerd serves our Worker: what `wrangler dev` does, less the proxy in front of it,
 * which holds no more than a few thousand sockets, and less the simulators of D1 and R2. Those two answer 503 here, as
 * in an outage: neither is on the way of a tick (docs/design/overview.md), and a rig that runs without them proves it.
 */
import type { BuiltWorker } from './buildWorker.ts'

export interface ServeOptions {
  readonly worker: BuiltWorker
  readonly port: number
  readonly vars: Readonly<Record<string, string>>
}

const OUTAGE = `addEventListener('fetch', (event) => event.respondWith(new Response('down', { status: 503 })))`

/** Unless told otherwise, workerd connects to public addresses alone, whatever a name resolves to. */
const LOOPBACK = `
    (name = "internet", network = (allow = ["private"])),`

/** Paths are relative to the configuration's own file: `index.js` beside it, the objects' storage in `objects`. */
export function workerdConfig({ worker, port, vars }: ServeOptions): string {
  const { objects, compatibilityDate } = worker
  const texts = Object.entries({ ...worker.vars, ...vars }).map(
    ([name, value]) => `(name = ${quoted(name)}, text = ${quoted(value)})`,
  )
  const stubs = objects.map(
    ({ binding, className }) => `(name = ${quoted(binding)}, durableObjectNamespace = ${quoted(className)})`,
  )
  const namespaces = objects.map(
    ({ className }) =>
      `(className = ${quoted(className)}, uniqueKey = ${quoted(className)}, enableSql = true)`,
  )
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "outage", worker = (serviceWorkerScript = ${quoted(OUTAGE)}, compatibilityDate = "2026-01-01")),
    (name = "objects", disk = (path = "objects", writable = true)),${vars['WEBHOOKS_TO_LOOPBACK'] === '1' ? LOOPBACK : ''}
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "index.js", esModule = embed "index.js")],
  compatibilityDate = ${quoted(compatibilityDate)},
  durableObjectNamespaces = [${namespaces.join(', ')}],
  durableObjectStorage = (localDisk = "objects"),
  bindings = [
    ${[...texts, ...stubs].join(',\n    ')},
    (name = "DB", wrapped = (
      moduleName = "cloudflare-internal:d1-api",
      innerBindings = [(name = "fetcher", service = "outage")],
    )),
    (name = "SNAPSHOTS", r2Bucket = "outage"),
    (name = "ASSETS", service = "outage"),
  ],
);
`
}

/** A JSON string is a Cap'n Proto string too, as long as it is ASCII. */
function quoted(text: string): string {
  return JSON.stringify(text)
}
