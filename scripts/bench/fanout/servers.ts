/** The servers that are measured, each a process of its own. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { binDirectory } from '../../local/paths.ts'
import { freePort } from '../../local/ports.ts'
import { startChild } from '../../local/processes.ts'
import type { PeerUpdate } from './peer.ts'
import type { Dialect } from './swarm.ts'

export interface FanoutServer {
  readonly impl: string
  readonly runtime: string
  readonly pid: number
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly dialect: Dialect
  /** Sends the next update to all and says when; null for a server that publishes by itself. */
  readonly publish: (() => Promise<number>) | null
  stop(): Promise<void>
}

const PublishedSchema = v.object({ publishedMs: v.number() })

export async function startPeer(
  kind: 'ws' | 'wsDeflate' | 'socketIo',
  impl: string,
  nextUpdate: () => PeerUpdate,
): Promise<FanoutServer> {
  const child = fork(join(import.meta.dirname, 'peer.ts'), [kind], {
    serialization: 'advanced',
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const isSocketIo = kind === 'socketIo'
  const deflate = { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' }
  return {
    impl,
    runtime: 'node',
    pid: child.pid ?? 0,
    url: `http://127.0.0.1:${port}/${isSocketIo ? 'socket.io/?EIO=4&transport=websocket' : ''}`,
    headers: kind === 'wsDeflate' ? deflate : {},
    dialect: isSocketIo ? 'socketIo' : 'plain',
    async publish() {
      child.send(nextUpdate())
      const [answer] = (await once(child, 'message')) as [unknown]
      return v.parse(PublishedSchema, answer).publishedMs
    },
    async stop() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

const BARE_CONFIG = (port: number): string => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .main), (name = "objects", disk = (path = "objects", writable = true))],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
const main :Workerd.Worker = (
  modules = [(name = "bareLoop.js", esModule = embed "bareLoop.js")],
  compatibilityDate = "2026-09-15",
  durableObjectNamespaces = [(className = "Loop", uniqueKey = "Loop", enableSql = true)],
  durableObjectStorage = (localDisk = "objects"),
  bindings = [(name = "LOOP", durableObjectNamespace = "Loop")],
);
`

export async function startBareLoop(impl: string, nextUpdate: () => Uint8Array): Promise<FanoutServer> {
  const folder = mkdtempSync(join(tmpdir(), 'flipwire-bare-'))
  const port = await freePort()
  mkdirSync(join(folder, 'objects'))
  copyFileSync(join(import.meta.dirname, 'bareLoop.js'), join(folder, 'bareLoop.js'))
  writeFileSync(join(folder, 'config.capnp'), BARE_CONFIG(port))
  const args = ['serve', join(folder, 'config.capnp'), `--directory-path=objects=${join(folder, 'objects')}`]
  const child = startChild(join(binDirectory, 'workerd'), args, { stdio: 'ignore' })
  const url = `http://127.0.0.1:${port}/`
  const publish = async (): Promise<number> => {
    const response = await fetch(url, { method: 'POST', body: nextUpdate() })
    return v.parse(PublishedSchema, await response.json()).publishedMs
  }
  for (let tries = 0; ; tries++) {
    const isUp = await publish().then(
      () => true,
      () => false,
    )
    if (isUp) break
    if (tries > 200) throw new Error('the bare loop did not come up')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    impl,
    runtime: 'workerd',
    pid: child.process.pid ?? 0,
    url,
    headers: {},
    dialect: 'plain',
    publish,
    async stop() {
      await child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
