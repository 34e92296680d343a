/**
 * What names an underlying on our wires: 1 to 12 capitals, digits, dot or hyphen, starting with a letter
 * (`SPX`, `BRK.B`, `BANKNIFTY`). It is a Durable Object name, an R2 key segment and a URL segment, so the
 * alphabet is closed on purpose.
 */
import * as v from 'valibot'

export const SymbolSchema = v.pipe(
  v.string(),
  v.regex(/^[A-Z][A-Z0-9.-]{0,11}$/, 'expected 1-12 capitals, digits, "." or "-", starting with a letter'),
)

export function isSymbol(text: string): boolean {
  return v.is(SymbolSchema, text)
}
