import { readdir, readFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-plugin'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longestFirst.ts'
import { generateEd25519Key } from './workers/auth/generateKey.ts'

/** They change what a module exports, and would change it for every file that shares it. */
const MOCKING = ['test/simulator/{simulator,pinned}.test.ts']

export default defineConfig({
  test: {
    // Without it vitest leaves one core to itself, which on two is half of them.
    maxWorkers: availableParallelism(),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['{schemas,quant,bridge,client,scripts,durable-objects,workers,web,test}/**/*.test.ts'],
          exclude: ['**/*.workerd.test.ts', '**/node_modules/**', ...MOCKING],
          // Files share loaded modules: loading them anew for each would take longer than the tests.
          isolate: false,
          // Property tests of whole chains take a second or two, and a busy machine many times that.
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'simulator',
          environment: 'node',
          include: MOCKING,
          testTimeout: 30_000,
        },
      },
      {
        plugins: [
          cloudflareTest(async () => ({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: await workerdBindings(),
              serviceBindings: { TEST_VECTORS: testVector },
              outboundService,
            },
          })),
        ],
        test: {
          name: 'workerd',
          include: ['{durable-objects,workers,test}/**/*.workerd.test.ts'],
          // One workerd for many files; what a file stored is gone before the next.
          isolate: false,
          setupFiles: ['workers/testing/forgetStorage.ts'],
          testTimeout: 60_000,
          deps: { optimizer: { ssr: { enabled: true, include: ['itty-durable'] } } },
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/**/*.e2e.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Mostly waiting, yet for things that may not wait too long: two at a time, and nothing beside them.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          globalSetup: ['test/sharedSetup.ts'],
        },
      },
    ],
  },
})

/** Fresh keys for every run; they also take the place of what a developer has in .dev.vars. */
async function workerdBindings() {
  const auth = await generateEd25519Key()
  const bridge = await generateEd25519Key()
  return {
    TEST_MIGRATIONS: await readD1Migrations('./workers/migrations'),
    AUTH_PRIVATE_JWK: JSON.stringify(auth.privateJwk),
    INGEST_PUBLIC_JWKS: JSON.stringify({ keys: [bridge.publicJwk] }),
    TEST_INGEST_PRIVATE_JWK: JSON.stringify(bridge.privateJwk),
    OPERATOR_SECRET: 'the secret of the operator in tests',
    GUEST_TIER: 'guest',
    MAIL_URL: 'https://mail.test/send',
    MAIL_TOKEN: 'mail-token',
    UPSTASH_REDIS_REST_URL: '',
    UPSTASH_REDIS_REST_TOKEN: '',
    WEBHOOKS_TO_LOOPBACK: '',
  }
}

/** The network as tests have it: letters are taken, and there is nothing else. */
async function outboundService(request: { readonly url: string }): Promise<Response> {
  return new Response(null, { status: new URL(request.url).host === 'mail.test' ? 202 : 502 })
}

/** Public test vectors beside the project, which workerd cannot read by itself; a folder is the list of its files. */
async function testVector(request: { readonly url: string }): Promise<Response> {
  const path = new URL(`../shared/vectors${new URL(request.url).pathname}`, import.meta.url)
  const content = path.pathname.endsWith('/')
    ? readdir(path).then((names) => JSON.stringify(names))
    : readFile(path)
  return content.then(
    (body) => new Response(body),
    () => new Response(null, { status: 404 }),
  )
}
