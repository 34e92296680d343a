/** RESP2, the wire protocol of Redis (https://redis.io/docs/latest/develop/reference/protocol-spec/). */

export type RedisReply =
  | { readonly type: 'status'; readonly text: string }
  | { readonly type: 'error'; readonly message: string }
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'bulk'; readonly bytes: Buffer }
  | { readonly type: 'array'; readonly items: readonly RedisReply[] }
  | { readonly type: 'null' }

export function encodeCommand(parts: readonly string[]): Buffer {
  const lines = [Buffer.from(`*${parts.length}\r\n`)]
  for (const part of parts) {
    const bytes = Buffer.from(part)
    lines.push(Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n'))
  }
  return Buffer.concat(lines)
}

export interface ParsedReply {
  readonly reply: RedisReply
  /** Offset after the reply. */
  readonly end: number
}

/** The reply at `offset`, or null while it is incomplete. Throws on bytes that are not RESP2. */
export function parseReply(bytes: Buffer, offset: number): ParsedReply | null {
  const lineEnd = bytes.indexOf('\r\n', offset)
  if (lineEnd < 0) return null
  const line = bytes.toString('utf8', offset + 1, lineEnd)
  const next = lineEnd + 2
  const type = String.fromCharCode(bytes[offset] ?? 0)
  switch (type) {
    case '+':
      return { reply: { type: 'status', text: line }, end: next }
    case '-':
      return { reply: { type: 'error', message: line }, end: next }
    case ':':
      return { reply: { type: 'integer', value: Number(line) }, end: next }
    case '$':
      return parseBulk(bytes, Number(line), next)
    case '*':
      return parseArray(bytes, Number(line), next)
    default:
      throw new Error(`expected a RESP2 reply, was ${JSON.stringify(type)}`)
  }
}

function parseBulk(bytes: Buffer, length: number, offset: number): ParsedReply | null {
  if (length < 0) return { reply: { type: 'null' }, end: offset }
  const end = offset + length + 2
  if (bytes.length < end) return null
  return { reply: { type: 'bulk', bytes: bytes.subarray(offset, offset + length) }, end }
}

function parseArray(bytes: Buffer, count: number, offset: number): ParsedReply | null {
  if (count < 0) return { reply: { type: 'null' }, end: offset }
  const items: RedisReply[] = []
  for (let i = 0; i < count; i++) {
    const item = parseReply(bytes, offset)
    if (item === null) return null
    items.push(item.reply)
    offset = item.end
  }
  return { reply: { type: 'array', items }, end: offset }
}
