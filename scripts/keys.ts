/**
 * Makes sure this clone has its own keys: `.dev.vars` for the local Worker and `.flipwire/bridge-key.json` for the
 * bridge. Keeps what is there, so it can run before every start. In production: `wrangler secret put`, with what the
 * second form prints and keeps nowhere.
 *
 *     node scripts/keys.ts
 *     node scripts/keys.ts --pair
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generateEd25519Key } from '#workers/auth/generateKey'
import { ensureKeys } from './keys/ensureKeys.ts'

const { values } = parseArgs({ options: { pair: { type: 'boolean', default: false } } })
if (values.pair) {
  const { privateJwk, publicJwk } = await generateEd25519Key()
  console.log(`private ${JSON.stringify(privateJwk)}\npublic  ${JSON.stringify(publicJwk)}`)
} else {
  const made = await ensureKeys(join(import.meta.dirname, '..'))
  console.error(made.length === 0 ? 'All keys are there.' : `New keys: ${made.join(', ')}.`)
}
