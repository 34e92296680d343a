import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { importIngestKeys } from '#workers/ingest/ingestKeys'
import { readDevVars, writeDevVars } from './devVars.ts'
import { bridgeKeyPath, ensureKeys } from './ensureKeys.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'flipwire-keys-'))
})
afterEach(() => {
  rmSync(root, { recursive: true })
})

const devVars = () => readFileSync(join(root, '.dev.vars'), 'utf8')
const bridgeKey = () => readFileSync(bridgeKeyPath(root), 'utf8')

it('makes every key of a fresh clone, readable by its owner only', async () => {
  expect(await ensureKeys(root)).toEqual([
    'AUTH_PRIVATE_JWK',
    'OPERATOR_SECRET',
    'INGEST_PUBLIC_JWKS',
    'bridge-key.json',
  ])
  for (const path of [join(root, '.dev.vars'), bridgeKeyPath(root)])
    expect(statSync(path).mode & 0o777).toBe(0o600)
})

it('gives the bridge the private half of a key the Worker accepts, and the Worker no private half', async () => {
  await ensureKeys(root)
  const keys = await importIngestKeys(readDevVars(root)['INGEST_PUBLIC_JWKS'] ?? '')
  const { kid, d } = JSON.parse(bridgeKey()) as { kid: string; d: string }
  expect([...keys.keys()]).toEqual([kid])
  expect(devVars()).not.toContain(d)
})

it('changes nothing the second time, but tightens loose modes', async () => {
  await ensureKeys(root)
  const before = [devVars(), bridgeKey()]
  chmodSync(join(root, '.dev.vars'), 0o644)
  expect(await ensureKeys(root)).toEqual([])
  expect([devVars(), bridgeKey()]).toEqual(before)
  expect(statSync(join(root, '.dev.vars')).mode & 0o777).toBe(0o600)
})

it("keeps an operator's other lines and comments", async () => {
  writeFileSync(join(root, '.dev.vars'), '# mine\nGUEST_TIER=pro\n')
  await ensureKeys(root)
  expect(devVars()).toMatch(/^# mine\nGUEST_TIER=pro\nAUTH_PRIVATE_JWK='/)
  expect(readDevVars(root)['GUEST_TIER']).toBe('pro')
})

it('makes a new pair when the bridge and the Worker do not fit together', async () => {
  await ensureKeys(root)
  const auth = readDevVars(root)['AUTH_PRIVATE_JWK']
  rmSync(bridgeKeyPath(root))
  expect(await ensureKeys(root)).toEqual(['INGEST_PUBLIC_JWKS', 'bridge-key.json'])
  writeDevVars(root, { INGEST_PUBLIC_JWKS: '{"keys":[]}' })
  expect(await ensureKeys(root)).toEqual(['INGEST_PUBLIC_JWKS', 'bridge-key.json'])
  expect(readDevVars(root)['AUTH_PRIVATE_JWK']).toBe(auth)
  expect(devVars().match(/INGEST_PUBLIC_JWKS/g)).toHaveLength(1)
})

it("replaces an operator's secret that is too short to be taken", async () => {
  writeFileSync(join(root, '.dev.vars'), 'OPERATOR_SECRET=short\n')
  expect(await ensureKeys(root)).toContain('OPERATOR_SECRET')
  expect(readDevVars(root)['OPERATOR_SECRET']?.length).toBe(43)
})

it('replaces a damaged signing key', async () => {
  writeFileSync(join(root, '.dev.vars'), 'AUTH_PRIVATE_JWK=oops\n')
  expect(await ensureKeys(root)).toContain('AUTH_PRIVATE_JWK')
  expect(devVars()).not.toContain('oops')
})
