/**
 * A recorded chain, text in and snapshot out: which vendor's file it is shows in the text. No I/O, and it never throws: a
 * file that is empty, cut off or of another kind is answered with a one-line problem.
 */
import { readJsonBody } from '../cboe/jsonBody.ts'
import { parseQuotedata } from '../cboe/quotedata.ts'
import { readOptionChain } from '../nse/optionChain.ts'
import { isFields } from './json.ts'
import { excerpt, problem, type ChainResult } from './snapshot.ts'

export function readSnapshot(text: string): ChainResult {
  const start = text.slice(0, 64).trimStart()
  if (text.trim() === '') return problem('a chain file (Cboe JSON or CSV, NSE JSON)', 'an empty file', '')
  return start.startsWith('{') || start.startsWith('[') ? readJson(text) : parseQuotedata(text)
}

function readJson(text: string): ChainResult {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (error) {
    return problem('a whole JSON body', cause(error), `offset ${faultOffset(error, text)}`)
  }
  if (isFields(body) && isFields(body['records'])) return readOptionChain(body['records'])
  if (isFields(body) && isFields(body['data'])) return readJsonBody(body, body['data'])
  return problem('an object with "data" (Cboe) or "records" (NSE)', excerpt(text), 'offset 0')
}

/** V8 names the position in most messages; where it does not, the text ran out. */
function faultOffset(error: unknown, text: string): number {
  return Number(/at position (\d+)/.exec(String(error))?.[1] ?? text.length)
}

function cause(error: unknown): string {
  return error instanceof Error ? error.message.replace(/ at position \d+.*$/s, '') : String(error)
}
