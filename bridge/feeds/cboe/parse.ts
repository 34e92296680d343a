/**
 * Cboe delayed quotes, either form, text in and snapshot out. No I/O, and it never throws: a file that is empty,
 * cut off or of another kind is answered with a one-line problem.
 */
import { parseJsonBody } from './jsonBody.ts'
import { parseQuotedata } from './quotedata.ts'
import { problem, type CboeResult } from './snapshot.ts'

export function parseCboe(text: string): CboeResult {
  const start = text.slice(0, 64).trimStart()
  if (text.trim() === '')
    return problem('Cboe delayed quotes (JSON body or quotedata CSV)', 'an empty file', '')
  return start.startsWith('{') || start.startsWith('[') ? parseJsonBody(text) : parseQuotedata(text)
}
