/**
 * The clients and the examples as somebody uses them, against a running service. The TypeScript one is packed, put into an
 * empty project offline, and type-checked there.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ChainRowSchema } from '#schemas/rest/models'
import { binDirectory, projectRoot } from '#scripts/local/paths'
import { guestToken, sharedMarket } from '../harness.ts'
import { hasChromium, NEEDS_CHROMIUM } from '../web/browser.ts'
import { streamInPage, streamInWorker } from './otherRuntimes.ts'

const hasCommand = (command: string) => spawnSync(command, ['--version']).status === 0
const [hasPython, hasCurl] = ['python3', 'curl'].map(hasCommand)

const EXAMPLES = join(projectRoot, 'docs/examples')
const PYTHON = join(projectRoot, 'client/python')
const ENV = {
  ...process.env,
  PATH: `${binDirectory}:${process.env['PATH']}`,
  PYTHONPATH: PYTHON,
  PYTHONDONTWRITEBYTECODE: '1',
}

function run(command: string, args: readonly string[], cwd = projectRoot): string {
  return execFileSync(command, args, { cwd, env: ENV, encoding: 'utf8' })
}

/** What the market has first, which is what the examples take. */
const FIRST = 'NIFTY'
const LEVELS =
  /^NIFTY at 20\S+Z \(synthetic, \w+\)\nspot [\d.]+, flip \S+, call wall \S+, put wall \S+\nrefused: unknown_symbol\n$/

const STREAMED = { states: ['connecting', 'waiting', 'live'], symbols: ['NVDA', 'NVDA'] }

let url = ''
let contracts: number

beforeAll(async () => {
  url = await sharedMarket()
  const headers = { authorization: `Bearer ${await guestToken(url)}` }
  const chain = await fetch(`${url}/v1/chain/${FIRST}?limit=1`, { headers })
  contracts = ((await chain.json()) as { data: { total: number } }).data.total
})

describe('the TypeScript client', () => {
  const project = mkdtempSync(join(tmpdir(), 'flipwire-client-'))
  afterAll(() => rmSync(project, { recursive: true, force: true }))

  it('installs offline into an empty project, has types there, and runs the example', () => {
    run('node', ['scripts/client.ts', project])
    run('npm', ['pack', '--silent', '--pack-destination', project, join(projectRoot, 'node_modules/valibot')])
    writeFileSync(join(project, 'package.json'), '{"type":"module","private":true}')
    const packed = readdirSync(project).filter((name) => name.endsWith('.tgz'))
    run(
      'npm',
      ['install', '--offline', '--no-audit', '--no-fund', ...packed.map((name) => `./${name}`)],
      project,
    )

    symlinkSync(join(projectRoot, 'node_modules/hono'), join(project, 'node_modules/hono'))
    const examples = ['levels.ts', 'follow.ts', 'webhook.ts', 'webhook-hono.ts']
    for (const name of examples) copyFileSync(join(EXAMPLES, name), join(project, name))
    const flags = '--noEmit --strict --module nodenext --target es2024 --types node --typeRoots'.split(' ')
    run('tsc', [...flags, join(projectRoot, 'node_modules/@types'), ...examples], project)
    expect(run('node', ['levels.ts', url], project)).toMatch(LEVELS)
  })

  /** What following NVDA says, line by line. */
  function follow(env: NodeJS.ProcessEnv = {}): string[] {
    const options = { cwd: project, env: { ...ENV, ...env }, encoding: 'utf8' } as const
    const said = execFileSync('node', ['follow.ts', url, 'NVDA'], options)
    return said
      .trimEnd()
      .replaceAll(/\d+\.\d+: net gamma exposure -?[\d.e+]+/g, 'a frame')
      .split('\n')
  }
  const FOLLOWED = [
    'gamma.NVDA is connecting',
    'gamma.NVDA is waiting',
    'NVDA a frame',
    'gamma.NVDA is live',
    'NVDA a frame',
    'NVDA a frame',
    'gamma.NVDA is closed: byCaller',
  ]

  it('streams in Node, as a guest', () => {
    expect(follow()).toEqual(FOLLOWED)
  })

  it('streams in Node with a credential in a header, and ends with one that is refused', () => {
    const token = run('node', ['scripts/token.ts', '--tier', 'partner', '--sub', 'follower']).trim()
    expect(follow({ FLIPWIRE_KEY: token })).toEqual(FOLLOWED)
    expect(follow({ FLIPWIRE_KEY: 'gex_live_mistyped' }).at(-1)).toBe('gamma.NVDA is closed: unauthorized')
  })

  it.skipIf(!hasChromium)(`streams in a page that imports it as it is${NEEDS_CHROMIUM}`, async () => {
    expect(await streamInPage(project, url, 'gamma.NVDA')).toEqual(STREAMED)
  })

  it('streams in a worker, to a service on another machine', async () => {
    expect(await streamInWorker(project, url, 'gamma.NVDA')).toEqual(STREAMED)
  })
})

describe.skipIf(!hasPython)(`the Python client${hasPython ? '' : ' (skipped: no python3)'}`, () => {
  it('passes its own tests', () => {
    expect(spawnSync('python3', ['-m', 'unittest'], { cwd: PYTHON, env: ENV }).status).toBe(0)
  })

  it('runs the examples', () => {
    expect(run('python3', [join(EXAMPLES, 'levels.py'), url])).toMatch(LEVELS)
    const names = Object.keys(ChainRowSchema.entries).join(', ')
    expect(run('python3', [join(EXAMPLES, 'chain.py'), url])).toBe(
      `${contracts} of ${contracts} contracts, columns ${names}\n`,
    )
  })
})

/** The commands of the section, as they stand there. */
function partnerCommands(): string {
  const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8')
  const commands = /### For partners[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1]
  if (commands === undefined) throw new Error('expected commands for partners in the README')
  return commands
    .replaceAll('localhost:8787', new URL(url).host)
    .replaceAll('SPX', 'NVDA')
    .replace('npm run token --silent --', 'node scripts/token.ts')
}

describe.skipIf(!hasCurl)('the way in for partners', () => {
  it('is as the README says: a key, a call, its usage, a stream', () => {
    const said = run('bash', ['-euc', partnerCommands()])
    expect(said).toMatch(/^HTTP\/1.1 200 OK\r\n/)
    expect(said).toMatch(/\r\nx-request-cost: 1\r\n/i)
    expect(said).toMatch(/\n[\d-]{10},GET \/v1\/levels\/:symbol,[\w-]{36},1,1\r\n/)
    expect(said).toMatch(/\ngamma\.NVDA \d+\.\d+: net gamma exposure -?[\d.e+]+\n$/)
  })
})

describe.skipIf(!hasCurl)(`the examples of curl${hasCurl ? '' : ' (skipped: no curl)'}`, () => {
  const example = (name: string) => run('bash', [join(EXAMPLES, name), url])

  it('print levels and a refusal', () => {
    expect(JSON.parse(example('levels.sh'))).toMatchObject({ meta: { symbol: FIRST } })
    expect(JSON.parse(example('refusal.sh'))).toMatchObject({ status: 401, code: 'missing_token' })
  })

  it('take a window and give it back', () => {
    expect(JSON.parse(example('windows.sh'))).toMatchObject({ data: [{ kind: 'exposure', symbol: 'SPX' }] })
  })

  it('make, use, rotate and end a key, whose lost answer is paid once', () => {
    const token = run('node', ['scripts/token.ts', '--tier', 'partner', '--sub', 'example']).trim()
    const usage = run('bash', [join(EXAMPLES, 'keys.sh'), url, token, 'NVDA'])
    const [names, ...rows] = usage.trimEnd().split('\r\n')
    expect(names).toBe('day,route,key,calls,units')
    // One by the key, whose repeat is free, and one by its successor.
    expect(rows.map((row) => row.replace(/^[\d-]{10},(.*),[\w-]{36},/, '$1 '))).toEqual(
      Array.from({ length: 2 }, () => 'GET /v1/levels/:symbol 1,1'),
    )
  })

  it('follow the pages of a file', () => {
    const [header = '', ...rows] = example('chain-csv.sh').trimEnd().split('\r\n')
    const contract = header.split(',').indexOf('contract')
    expect(new Set(rows.map((row) => row.split(',')[contract])).size).toBe(contracts / 2)
  })
})
