/**
 * Whether a page of this origin may open a socket. Browsers always say theirs and cannot lie; programs say none, and
 * for them the token alone decides. Without this, any page could use a token it got hold of from its visitors.
 */
export function isAllowedOrigin(
  origin: string | undefined,
  requestUrl: string,
  allowedOrigins = '',
): boolean {
  if (origin === undefined) return true
  if (origin === new URL(requestUrl).origin) return true
  // An empty configuration splits into one empty name.
  return origin !== '' && allowedOrigins.split(',').some((allowed) => allowed.trim() === origin)
}
