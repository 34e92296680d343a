/**
 * Which addresses may be given as webhook endpoints. A public host name and nothing else: an address literal never has the
 * certificate a partner's host has, and is how one would ask for what is private. What a name resolves to is not known
 * here; the platform resolves it publicly and refuses private networks (docs/design/webhooks.md).
 */

export type UrlVerdict =
  { readonly ok: true; readonly url: string } | { readonly ok: false; readonly detail: string }

export interface UrlRules {
  /** Of this service, which must not call itself. */
  readonly ownHost?: string
  /** Plain http to 127.0.0.1, for local runs. */
  readonly allowLoopback?: boolean
}

/** Names that never belong to a public host: RFC 6761, 6762, 7686, 8375, 9476, ICANN's .internal, and those in use inside. */
const PRIVATE_SUFFIXES = [
  'localhost',
  'local',
  'localdomain',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'arpa',
  'test',
  'example',
  'invalid',
  'onion',
  'alt',
  // Public names whose answers are private addresses of the asker's choice.
  'nip.io',
  'sslip.io',
  'xip.io',
  'localtest.me',
  'lvh.me',
]
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const MAX_HOST_CHARACTERS = 253
const FIRST_UNPRIVILEGED_PORT = 1_024

export function endpointUrl(text: string, { ownHost, allowLoopback = false }: UrlRules = {}): UrlVerdict {
  // Parsers disagree on these, or drop them without a word.
  if (!/^[\x21-\x7e]+$/.test(text) || text.includes('\\'))
    return refused('an address without spaces, control characters or backslashes')
  const url = URL.parse(text)
  if (url === null) return refused('an https address')
  if (url.username || url.password) return refused('an address without user name or password')
  if (url.hash || text.endsWith('#')) return refused('an address without a fragment')
  if (allowLoopback && url.protocol === 'http:' && url.hostname === '127.0.0.1')
    return { ok: true, url: url.href }
  if (url.protocol !== 'https:') return refused('an https address')
  if (url.port !== '' && Number(url.port) < FIRST_UNPRIVILEGED_PORT)
    return refused(`port 443 or one from ${FIRST_UNPRIVILEGED_PORT}`)
  const host = url.hostname.replace(/\.$/, '')
  if (!isPublicName(host)) return refused('a public host name')
  if (host === ownHost) return refused('another host than this service')
  url.hostname = host
  return { ok: true, url: url.href }
}

/** The parser has turned every spelling of an IPv4 address into dotted decimals, and IPv6 stands in brackets. */
function isPublicName(host: string): boolean {
  const labels = host.split('.')
  const last = labels.at(-1) ?? ''
  return (
    labels.length > 1 &&
    host.length <= MAX_HOST_CHARACTERS &&
    labels.every((label) => LABEL.test(label)) &&
    !/^\d+$/.test(last) &&
    !PRIVATE_SUFFIXES.some((suffix) => host === suffix || host.endsWith(`.${suffix}`))
  )
}

function refused(expected: string): UrlVerdict {
  return { ok: false, detail: `expected ${expected}` }
}
