/** Types of `cloudflare:workers`' `env` and `exports` in workerd tests: our bindings and what vitest.config.ts adds. */
declare namespace Cloudflare {
  interface Env extends Omit<import('../durable-objects/env.ts').Env, never> {
    readonly TEST_MIGRATIONS: import('cloudflare:test').D1Migration[]
    readonly TEST_INGEST_PRIVATE_JWK: string
    readonly TEST_VECTORS: Fetcher
  }
  interface GlobalProps {
    mainModule: typeof import('./index.ts')
  }
}
