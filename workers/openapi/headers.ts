/** Response headers of the document. */
const HEADERS = {
  'X-Request-Id': 'Names this request in our logs.',
  'X-Request-Cost': 'Units this call was charged.',
  RateLimit: 'What is left of each quota and when it starts anew, as in the RateLimit fields draft.',
  'RateLimit-Policy': 'The quotas of the caller, as in the RateLimit fields draft.',
  ETag: 'Pass as `If-None-Match`: 304 while it still holds.',
  Link: 'The next page, `rel="next"`; none on the last.',
} as const
export type HeaderName = keyof typeof HEADERS

export function headerComponents(): Record<string, { description: string; schema: { type: 'string' } }> {
  return Object.fromEntries(
    Object.entries(HEADERS).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  )
}
