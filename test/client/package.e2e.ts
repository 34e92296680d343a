/** The client as somebody installs it: packed, put into an empty project offline, type-checked there, and used. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { binDirectory, projectRoot } from '#scripts/local/paths'
import { eventually, guestToken, startProduct, type Product } from '../harness.ts'

const PROGRAM = `
import { connect } from '@flipwire/client'
const flipwire = connect(process.argv[2] ?? '')
const levels = await flipwire.levels('NVDA')
if (!levels.ok) throw new Error(levels.problem.detail)
const flip: number | null = levels.value.data.nearestFlip
const chain = await flipwire.chain('NVDA', { right: 'put', limit: 2 })
const none = await flipwire.levels('NONE')
console.log(JSON.stringify({
  symbol: levels.value.meta.symbol,
  isFlip: flip === null || flip > 0,
  rights: chain.ok && chain.value.data.rows.map((row) => row.right),
  refusal: none.ok ? null : none.problem.code,
}))
`

describe('the packed client', () => {
  let product: Product
  const directory = mkdtempSync(join(tmpdir(), 'flipwire-client-'))
  const env = { ...process.env, PATH: `${binDirectory}:${process.env['PATH']}` }
  const run = (command: string, args: readonly string[], cwd = directory) =>
    execFileSync(command, args, { cwd, env, encoding: 'utf8' })

  beforeAll(async () => {
    product = await startProduct()
    product.bridge(['--feed', 'synthetic', '--symbols', 'NVDA', '--seed', '7'])
  })
  afterAll(async () => {
    await product?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  it('installs offline, has types, and reads a running service', async () => {
    run('node', ['scripts/client.ts', directory], projectRoot)
    run('npm', [
      'pack',
      '--silent',
      '--pack-destination',
      directory,
      join(projectRoot, 'node_modules/valibot'),
    ])
    writeFileSync(join(directory, 'package.json'), '{"type":"module","private":true}')
    const packed = readdirSync(directory).filter((name) => name.endsWith('.tgz'))
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', ...packed.map((name) => `./${name}`)])

    writeFileSync(join(directory, 'program.ts'), PROGRAM)
    const types = join(projectRoot, 'node_modules/@types')
    const flags = '--noEmit --strict --module nodenext --target es2024 --types node --typeRoots'.split(' ')
    run('tsc', [...flags, types, 'program.ts'])

    await eventually(async () => {
      const headers = { authorization: `Bearer ${await guestToken(product.url)}` }
      return (await fetch(`${product.url}/v1/levels/NVDA`, { headers })).ok ? true : null
    })
    expect(JSON.parse(run('node', ['program.ts', product.url]))).toEqual({
      symbol: 'NVDA',
      isFlip: true,
      rights: ['put', 'put'],
      refusal: 'unknown_symbol',
    })
  })
})
