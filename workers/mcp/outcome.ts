/** What an MCP message may come to. */
import * as v from 'valibot'

/** Those with a hand-shake, newest first: what is answered to a client that asks for one we do not know. */
export const PROTOCOL_VERSIONS = ['2025-11-25', '2025-06-18', '2025-03-26'] as const

export const RPC_ERRORS = {
  parse: [-32700, 'The body is not JSON'],
  request: [-32600, 'Not a JSON-RPC 2.0 request'],
  method: [-32601, 'No such method'],
  params: [-32602, 'The params are not valid'],
  header: [-32020, 'Header mismatch'],
  version: [-32022, 'Unsupported protocol version'],
} as const
export type RpcError = keyof typeof RPC_ERRORS

export const IdSchema = v.union([v.string(), v.pipe(v.number(), v.safeInteger())])
export type RpcId = v.InferOutput<typeof IdSchema>

export type Outcome =
  | { readonly kind: 'result'; readonly id: RpcId; readonly result: object }
  | {
      readonly kind: 'call'
      readonly id: RpcId
      readonly tool: string
      readonly given: Record<string, unknown>
      /** Of a revision without hand-shake. */
      readonly isStateless?: true
    }
  | {
      readonly kind: 'error'
      readonly id: RpcId | null
      readonly error: RpcError
      readonly detail: string
      readonly data?: object
      /** Of HTTP, where the revision says which. */
      readonly status?: 400 | 404
    }
  /** A notification: taken, and nothing to say. */
  | { readonly kind: 'taken' }

export interface Server {
  readonly name: string
  readonly version: string
  readonly instructions: string
  readonly tools: readonly object[]
}

export function refused(id: RpcId | null, error: RpcError, detail: string): Outcome & { kind: 'error' } {
  return { kind: 'error', id, error, detail }
}
