/** Every route that needs a token, for tests that go through all of them; `app.workerd.test.ts` proves it complete. */
import type { Scope } from '#schemas/tiers'

export interface GuardedRoute {
  readonly pattern: string
  readonly scope: Scope
  /** A path of the route. Snapshots that do not exist answer 404 to those who may read them. */
  readonly path: (symbol: string) => string
  readonly statusWhenAllowed: number
  readonly isSocket?: boolean
}

export const GUARDED_ROUTES: readonly GuardedRoute[] = [
  { pattern: '/v1/symbols', scope: 'symbols', path: () => '/v1/symbols', statusWhenAllowed: 200 },
  { pattern: '/v1/usage', scope: 'usage', path: () => '/v1/usage', statusWhenAllowed: 200 },
  {
    pattern: '/v1/exposure/:symbol',
    scope: 'exposure',
    path: (symbol) => `/v1/exposure/${symbol}`,
    statusWhenAllowed: 200,
  },
  {
    pattern: '/v1/exposure/:symbol/strikes',
    scope: 'exposure',
    path: (symbol) => `/v1/exposure/${symbol}/strikes`,
    statusWhenAllowed: 200,
  },
  {
    pattern: '/v1/exposure/:symbol/timeline',
    scope: 'exposure',
    path: (symbol) => `/v1/exposure/${symbol}/timeline`,
    statusWhenAllowed: 200,
  },
  {
    pattern: '/v1/levels/:symbol',
    scope: 'levels',
    path: (symbol) => `/v1/levels/${symbol}`,
    statusWhenAllowed: 200,
  },
  {
    pattern: '/v1/volatility/:symbol',
    scope: 'volatility',
    path: (symbol) => `/v1/volatility/${symbol}`,
    statusWhenAllowed: 200,
  },
  {
    pattern: '/v1/metrics/:symbol',
    scope: 'metrics',
    path: (symbol) => `/v1/metrics/${symbol}`,
    statusWhenAllowed: 200,
  },
  {
    pattern: '/v1/explain/:symbol/:metric',
    scope: 'metrics',
    path: (symbol) => `/v1/explain/${symbol}/gammaPulse.netGex`,
    statusWhenAllowed: 200,
  },
  {
    pattern: '/v1/chain/:symbol',
    scope: 'chain',
    path: (symbol) => `/v1/chain/${symbol}`,
    statusWhenAllowed: 200,
  },
  {
    pattern: '/v1/snapshots/:symbol',
    scope: 'snapshots',
    path: (symbol) => `/v1/snapshots/${symbol}`,
    statusWhenAllowed: 200,
  },
  {
    pattern: '/v1/snapshots/:symbol/:id',
    scope: 'snapshots',
    path: (symbol) => `/v1/snapshots/${symbol}/20261120T143000Z`,
    statusWhenAllowed: 404,
  },
  {
    pattern: '/ws/gamma-compact/:symbol',
    scope: 'stream',
    path: (symbol) => `/ws/gamma-compact/${symbol}`,
    statusWhenAllowed: 101,
    isSocket: true,
  },
  {
    pattern: '/ws/greeks/:symbol',
    scope: 'stream',
    path: (symbol) => `/ws/greeks/${symbol}`,
    statusWhenAllowed: 101,
    isSocket: true,
  },
  { pattern: '/ws/v1', scope: 'socket', path: () => '/ws/v1', statusWhenAllowed: 101, isSocket: true },
  {
    pattern: '/ws/status',
    scope: 'symbols',
    path: () => '/ws/status',
    statusWhenAllowed: 101,
    isSocket: true,
  },
]
