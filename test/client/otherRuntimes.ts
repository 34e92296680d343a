/** The packed client where there is no Node: in a page of Chromium, file by file, and in a worker of its own workerd. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Route } from 'playwright-core'
import { binDirectory } from '#scripts/local/paths'
import { freePort } from '#scripts/local/ports'
import { startChild } from '#scripts/local/processes'
import { eventually } from '../harness.ts'
import { launchChromium, openPage } from '../web/browser.ts'

/** Until the second frame. `connect` is in scope. */
const FOLLOW = `
  const follow = (url, channel) => new Promise((resolve) => {
    const [states, symbols] = [[], []]
    const stream = connect(url).stream({
      channels: [channel],
      onState: (_, { kind }) => states.push(kind),
      onFrame: (frame) => {
        if (symbols.push(frame.symbol) < 2) return
        resolve({ states: [...states], symbols })
        stream.close()
      },
    })
  })`

/** `project`: into which the client is installed. The page is one of the service's origin, as pages of others need a ticket. */
export async function streamInPage(project: string, url: string, channel: string): Promise<unknown> {
  const packages = '/packages'
  const imports = {
    '@flipwire/client': `${packages}/@flipwire/client/dist/client/index.js`,
    '#schemas/': `${packages}/@flipwire/client/dist/schemas/`,
    valibot: `${packages}/valibot/dist/index.mjs`,
  }
  const page = `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script>
    <script type="module">
      import { connect } from '@flipwire/client'
      ${FOLLOW}
      window.streamed = follow(location.origin, ${JSON.stringify(channel)})
    </script>`
  const fulfil = (route: Route) => {
    const path = new URL(route.request().url()).pathname.slice(packages.length)
    // The package's own names of its modules have no ending.
    const file = /\.m?js$/.test(path) ? path : `${path}.js`
    const body = readFileSync(join(project, 'node_modules', file), 'utf8')
    return route.fulfill({ body, contentType: 'text/javascript' })
  }
  const browser = await launchChromium()
  try {
    // A page that came from no network is taken for one from outside.
    const { page: tab, complaints } = await openPage(browser, { permissions: ['local-network-access'] })
    await tab.route(`${url}${packages}/**`, fulfil)
    await tab.route(`${url}/`, (route) => route.fulfill({ body: page, contentType: 'text/html' }))
    await tab.goto(url)
    await tab.waitForFunction('window.streamed !== undefined').catch(() => {
      throw new Error(`the page did not run: ${complaints.join('\n')}`)
    })
    return await tab.evaluate('window.streamed')
  } finally {
    await browser.close()
  }
}

/** The worker may reach this machine, which a worker otherwise may not. */
const CONFIG = (port: number) => `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker.js", esModule = embed "worker.js")],
      compatibilityDate = "2026-09-15",
      globalOutbound = "outside",
    )),
    (name = "outside", network = (allow = ["private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`

export async function streamInWorker(project: string, url: string, channel: string): Promise<unknown> {
  const source = `import { connect } from '@flipwire/client'
    ${FOLLOW}
    export default { fetch: async () => Response.json(await follow(${JSON.stringify(url)}, ${JSON.stringify(channel)})) }`
  const bundle = ['--bundle', '--format=esm', '--log-level=error', '--outfile=worker.js']
  const built = spawnSync(join(binDirectory, 'esbuild'), bundle, {
    cwd: project,
    input: source,
    encoding: 'utf8',
  })
  if (built.status !== 0) throw new Error(`the worker does not build: ${built.stderr}`)
  const port = await freePort()
  writeFileSync(join(project, 'config.capnp'), CONFIG(port))
  const worker = startChild('workerd', ['serve', join(project, 'config.capnp')], { stdio: 'inherit' })
  try {
    return await eventually(async () => (await fetch(`http://127.0.0.1:${port}`)).json())
  } finally {
    await worker.kill('SIGKILL')
  }
}
