/**
 * Revision 2026-07-28 of the protocol: no hand-shake, every request says of itself what it is, in the body and again in
 * headers for whoever is between. Both have to agree, or something on the way may have judged another request than this.
 */
import { PROTOCOL_VERSIONS, refused, type Outcome, type RpcId, type Server } from './outcome.ts'

export const STATELESS_VERSION = '2026-07-28'
export const SUPPORTED_VERSIONS: readonly string[] = [STATELESS_VERSION, ...PROTOCOL_VERSIONS]

const VERSION_FIELD = 'io.modelcontextprotocol/protocolVersion'
const SERVER_FIELD = 'io.modelcontextprotocol/serverInfo'
/** Tools change with a release. */
const CACHEABLE = { ttlMs: 300_000, cacheScope: 'public' }
const SENTINEL = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/

export interface Request {
  readonly id: RpcId
  readonly method: string
  readonly params: Readonly<Record<string, unknown>>
}
export type HeaderReader = (name: string) => string | undefined

/** Null for a request of an earlier revision, which says nothing of the kind. */
export function answerStateless(
  { id, method, params }: Request,
  header: HeaderReader,
  server: Server,
): Outcome | null {
  const declared = declaredVersion(params)
  const inHeader = header('MCP-Protocol-Version')
  const isEarlier = inHeader === undefined || PROTOCOL_VERSIONS.some((known) => known === inHeader)
  if (declared === undefined && isEarlier) return null
  const requested = inHeader ?? String(declared)
  if (!SUPPORTED_VERSIONS.includes(requested))
    return {
      ...refused(id, 'version', `expected ${SUPPORTED_VERSIONS.join(' or ')}, was another`),
      data: { supported: SUPPORTED_VERSIONS, requested: requested.slice(0, 40) },
      status: 400,
    }
  if (declared !== inHeader) return mismatch(id, 'MCP-Protocol-Version')
  if (declared !== STATELESS_VERSION) return null
  if (header('Mcp-Method') !== method) return mismatch(id, 'Mcp-Method')
  switch (method) {
    case 'server/discover':
      return complete(id, discovery(server))
    case 'tools/list':
      return complete(id, { tools: server.tools, ...CACHEABLE })
    case 'tools/call': {
      const { name, arguments: given = {} } = params
      if (typeof name !== 'string' || typeof given !== 'object' || given === null || Array.isArray(given))
        return refused(id, 'params', 'expected the name of a tool, and its arguments as an object')
      if (unwrapped(header('Mcp-Name')) !== name) return mismatch(id, 'Mcp-Name')
      return { kind: 'call', id, tool: name, given: given as Record<string, unknown>, isStateless: true }
    }
    default: {
      const detail = `expected server/discover, tools/list or tools/call, was ${method.slice(0, 40)}`
      return { ...refused(id, 'method', detail), status: 404 }
    }
  }
}

/** Of this revision every result says that nothing more is needed for it. */
export function completed(result: object): object {
  return { resultType: 'complete', ...result }
}

function complete(id: RpcId, result: object): Outcome {
  return { kind: 'result', id, result: completed(result) }
}

function mismatch(id: RpcId, name: string): Outcome {
  return {
    ...refused(id, 'header', `expected ${name} to say what the body does, was missing or another`),
    status: 400,
  }
}

function discovery({ name, version, instructions }: Server): object {
  return {
    supportedVersions: SUPPORTED_VERSIONS,
    capabilities: { tools: {} },
    serverInfo: { name, version },
    instructions,
    _meta: { [SERVER_FIELD]: { name, version } },
    ...CACHEABLE,
  }
}

function declaredVersion({ _meta: meta }: Request['params']): unknown {
  return typeof meta === 'object' && meta !== null
    ? (meta as Record<string, unknown>)[VERSION_FIELD]
    : undefined
}

/** A name that no header can hold comes wrapped. */
function unwrapped(value: string | undefined): string | undefined {
  const encoded = SENTINEL.exec(value ?? '')?.[1]
  if (encoded === undefined) return value
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(encoded), (character) => character.charCodeAt(0)))
  } catch {
    return undefined
  }
}
