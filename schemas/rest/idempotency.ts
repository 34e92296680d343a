/** What a client calls a POST of its own, so that asking again does it once. */
import * as v from 'valibot'

/** Long enough to be one's own: the answer that is kept is sealed with it. */
export const IdempotencyKeySchema = v.pipe(
  v.string(),
  v.regex(/^[\x21-\x7e]{16,128}$/, 'expected 16 to 128 characters, e.g. a UUID'),
)
