import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundled } from './bundle.ts'

/** A worker served by workerd, timed from outside because its own clock stands still while it works. */
export interface ServedWorker {
  /** Milliseconds of workerd's processor time that `/<work>/<passes>` takes. */
  readonly run: (work: string, passes: number) => Promise<number>
  readonly stop: () => void
}

const WORKERD = join(import.meta.dirname, '../../../node_modules/.bin/workerd')

const CONFIG = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "bench", worker = (
    modules = [(name = "bench.js", esModule = embed "bench.js")],
    compatibilityDate = "2026-01-01",
  ))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "bench")],
);
`

export async function serveInWorkerd(entry: string): Promise<ServedWorker> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-workerd-'))
  writeFileSync(join(folder, 'bench.js'), await bundled(entry, 'webworker'))
  writeFileSync(join(folder, 'config.capnp'), CONFIG)
  const child = spawn(WORKERD, ['serve', join(folder, 'config.capnp'), '--control-fd=3'], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  })
  const stop = (): void => {
    child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const port = await portOf(child)
    const run = async (work: string, passes: number): Promise<number> => {
      const start = processorMs(child.pid)
      const response = await fetch(`http://127.0.0.1:${port}/${work}/${passes}`)
      if (!response.ok) throw new Error(`workerd answered ${response.status} to ${work}`)
      await response.text()
      return processorMs(child.pid) - start
    }
    return { run, stop }
  } catch (error) {
    stop()
    throw error
  }
}

/** workerd reports the port it was given on its control descriptor, one JSON object a line. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`workerd ended with ${code}`)))
    let text = ''
    child.stdio[3]?.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      const port = /"port":(\d+)/.exec(text)?.[1]
      if (port !== undefined) resolve(Number(port))
    })
  })
}

/** Processor time of a process so far, all threads; elsewhere than on Linux the clock on the wall. */
function processorMs(pid: number | undefined): number {
  try {
    const tasks = `/proc/${pid}/task`
    const nanoseconds = readdirSync(tasks).map((task) =>
      Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]),
    )
    return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6
  } catch {
    return performance.now()
  }
}
