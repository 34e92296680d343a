/**
 * Prints an access token signed with the key in `.dev.vars`, and nothing else on stdout:
 *
 *     npm run token --silent -- --tier pro --sub desk-1 --minutes 15
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { TOKEN_KINDS } from '#schemas/claims'
import { TIERS } from '#schemas/tiers'
import { ensureKeys } from './keys/ensureKeys.ts'
import { localToken } from './keys/localToken.ts'

const MAX_MINUTES = TOKEN_KINDS.access.maxSeconds / 60
const root = join(import.meta.dirname, '..')

function readArguments(): { tier: string; sub: string; minutes: string } {
  const { values } = parseArgs({
    options: {
      tier: { type: 'string', default: 'free' },
      sub: { type: 'string', default: 'local' },
      minutes: { type: 'string', default: String(MAX_MINUTES) },
    },
  })
  return values
}

function fail(message: string): never {
  console.error(message)
  process.exit(2)
}

let given: ReturnType<typeof readArguments>
try {
  given = readArguments()
} catch (cause) {
  fail(cause instanceof Error ? cause.message : String(cause))
}
const tier = TIERS.find((known) => known === given.tier)
if (tier === undefined) fail(`--tier: expected ${TIERS.join(', ')}, was ${given.tier}`)
if (!/^[\x21-\x7e]{1,64}$/.test(given.sub))
  fail(`--sub: expected 1-64 ASCII characters without spaces, was ${given.sub}`)
const minutes = Number(given.minutes)
if (!(minutes > 0 && minutes <= MAX_MINUTES))
  fail(`--minutes: expected more than 0 and at most ${MAX_MINUTES}, was ${given.minutes}`)

const made = await ensureKeys(root)
if (made.length > 0)
  console.error(`New keys: ${made.join(', ')}. A running Worker needs a restart to know them.`)
const lifeSeconds = Math.max(1, Math.floor(minutes * 60))
console.log(await localToken(root, { subject: given.sub, tier, lifeSeconds }))
