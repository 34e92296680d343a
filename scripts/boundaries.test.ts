import { describe, expect, it } from 'vitest'
import { violationsIn } from './boundaries.ts'

describe('boundaries', () => {
  it('lets rooms import what they may', () => {
    expect(violationsIn('durable-objects/symbol/a.ts', `import { x } from '#quant/chain/chain'`)).toEqual([])
    expect(violationsIn('web/src/a.tsx', `import { x } from '#client/client'`)).toEqual([])
    expect(
      violationsIn('quant/a/b.ts', `import { x } from '../c/d.ts'\nimport * as v from 'valibot'`),
    ).toEqual([])
    expect(violationsIn('scripts/x.ts', `import { x } from '#workers/app'`)).toEqual([])
  })

  it('refuses a subpath import the wrong way', () => {
    const [violation] = violationsIn('quant/a.ts', `import { x } from '#schemas/tick'`)
    expect(violation).toMatchObject({ file: 'quant/a.ts', specifier: '#schemas/tick' })
  })

  it('refuses a relative import that climbs into another room, and dynamic imports', () => {
    expect(violationsIn('client/a.ts', `export { x } from '../quant/chain/chain.ts'`)).toHaveLength(1)
    expect(violationsIn('bridge/feeds/a.ts', `await import('../../workers/app.ts')`)).toHaveLength(1)
  })

  it('keeps the platform module in objects, the entry and workerd tests', () => {
    const source = `import { DurableObject } from 'cloudflare:workers'`
    expect(violationsIn('durable-objects/symbol/SymbolObject.ts', source)).toEqual([])
    expect(violationsIn('durable-objects/symbol/a.workerd.test.ts', source)).toEqual([])
    expect(violationsIn('durable-objects/symbol/chainBook.ts', source)).toHaveLength(1)
  })
})
