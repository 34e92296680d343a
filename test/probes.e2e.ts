/** What scanners try first, against the Worker as it is deployed: nothing answers, and no failure tells about itself. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { projectRoot } from '#scripts/local/paths'
import type { WorkerdServer } from '#scripts/rig/workerdServer'
import { startBareWorker } from './harness.ts'

const PROBES = [
  '/.env',
  '/.git/config',
  '/.dev.vars',
  '/wrangler.toml',
  '/package.json',
  '/index.js',
  '/index.js.map',
  '/workers/index.ts',
  '/__scheduled',
  '/__debug',
  '/__vite_ping',
  '/@vite/client',
  '/cdn-cgi/mf/scheduled',
  '/debug/pprof/',
  '/json/list',
  '/actuator/env',
  '/server-status',
  '/metrics',
  '/graphql',
  '/admin',
  '/v1/admin',
  '/v1/debug',
  '/v1/../.env',
  '/v2/symbols',
  '/swagger.json',
  '/api-docs',
]
/** Lines of a stack, files of ours, and what stores say of themselves. */
const TELLTALE = /\n\s+at |\.[jt]s:\d+|D1_ERROR|SQLITE|node_modules|AppError|TypeError/

let server: WorkerdServer
beforeAll(async () => {
  server = await startBareWorker()
})
afterAll(() => server?.remove())

describe('the Worker as it is deployed', () => {
  it.each(PROBES)('has nothing at %s', async (path) => {
    for (const method of ['GET', 'POST']) {
      const response = await fetch(server.url + path, { method })
      const text = await response.text()
      expect({ method, status: response.status }).toEqual({ method, status: 404 })
      expect(JSON.parse(text)).toMatchObject({ code: 'unknown_route' })
      expect(text).not.toMatch(TELLTALE)
    }
  })

  it('says nothing of why it failed: here without its database', async () => {
    const headers = { authorization: `Bearer ${await server.token('partner')}` }
    for (const path of ['/v1/symbols', '/v1/keys', '/v1/snapshots/SPX/x']) {
      const response = await fetch(server.url + path, { headers })
      const text = await response.text()
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(text).not.toMatch(TELLTALE)
      expect(Object.keys(Object.fromEntries(response.headers)).join()).not.toMatch(/powered|server|debug/)
    }
  })

  it('uploads no source maps', () => {
    const config = readFileSync(join(projectRoot, 'wrangler.toml'), 'utf8')
    expect(config).not.toMatch(/upload_source_maps\s*=\s*true/)
  })
})
