/**
 * Makes sure this clone has its own keys: `.dev.vars` for the local Worker and `.flipwire/bridge-key.json` for the
 * bridge. Keeps what is there, so it can run before every start. In production: `wrangler secret put`.
 *
 *     node scripts/keys.ts
 */
import { join } from 'node:path'
import { ensureKeys } from './keys/ensureKeys.ts'

const made = await ensureKeys(join(import.meta.dirname, '..'))
console.error(made.length === 0 ? 'All keys are there.' : `New keys: ${made.join(', ')}.`)
