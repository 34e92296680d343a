/**
 * Changes the tier of an account, and ends its tokens and sockets, so that it holds at once:
 *
 *     npm run tier -- somebody@example.com pro
 *     npm run tier -- somebody@example.com pro --to https://your.host
 *
 * Signed with OPERATOR_SECRET: of the environment, or of `.dev.vars` for the Worker on this machine.
 */
import { parseArgs } from 'node:util'
import * as v from 'valibot'
import { ACCOUNT_TIERS, ChangedTierSchema, OPERATOR_TIER_PATH } from '#schemas/operator'
import { signOperatorPost } from '#workers/operator/operatorSignature'
import { readDevVars } from './keys/devVars.ts'
import { projectRoot } from './local/paths.ts'

const TIMEOUT_MS = 15_000
const USAGE = `npm run tier -- <email or account id> <${ACCOUNT_TIERS.join('|')}> [--to https://your.host]`

const { to, account, tier } = readArguments()
const secret = process.env['OPERATOR_SECRET'] ?? readDevVars(projectRoot)['OPERATOR_SECRET']
if (!secret)
  fail('no secret to sign with: set OPERATOR_SECRET, or start the Worker of this machine once (npm start)')

const body = JSON.stringify({ account, tier })
const signed = await signOperatorPost(secret, { method: 'POST', path: OPERATOR_TIER_PATH, body }, Date.now())
const response = await fetch(new URL(OPERATOR_TIER_PATH, to), {
  method: 'POST',
  headers: { 'content-type': 'application/json', ...signed },
  body,
  signal: AbortSignal.timeout(TIMEOUT_MS),
  redirect: 'manual',
}).catch((cause: unknown) => fail(`${to} cannot be reached: ${String(cause)}`, 1))
const text = await response.text()
const answer = v.safeParse(v.pipe(v.string(), v.parseJson(), ChangedTierSchema), text)
if (!response.ok || !answer.success) fail(`${response.status}: ${text}`, 1)
const { data } = answer.output
console.log(`${data.email} (${data.account}): ${data.was} to ${data.tier}`)
console.log(
  data.ended ? 'Its tokens and sockets have ended.' : 'Its tokens and sockets end within about a minute.',
)

function readArguments(): { readonly to: string; readonly account: string; readonly tier: string } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { to: { type: 'string', default: 'http://127.0.0.1:8787' } },
    })
    const [account = '', tier = ''] = positionals
    if (positionals.length === 2 && ACCOUNT_TIERS.some((known) => known === tier))
      return { to: values.to, account, tier }
  } catch (cause) {
    fail(`${cause instanceof Error ? cause.message : String(cause)}\n${USAGE}`)
  }
  return fail(USAGE)
}

function fail(message: string, code = 2): never {
  console.error(message)
  process.exit(code)
}
