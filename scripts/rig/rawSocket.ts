/**
 * The least WebSocket client that can be: RFC 6455 over a TCP socket, frames handed on by opcode, nothing inflated. A load
 * generator on the server's own machine must cost less than the server, or it is what gets measured.
 */
import { connect, type Socket } from 'node:net'

export const OPCODE = { text: 1, binary: 2, close: 8, ping: 9 } as const

export interface RawSocketHandlers {
  /** `payload` is valid during the call only. Compressed when the server compresses. */
  message(opcode: number, payload: Buffer): void
  closed(): void
}

export interface RawSocket {
  /** ASCII, at most 125 bytes. */
  sendText(text: string): void
  /** Reads nothing from now on, as a tab that hangs. */
  stall(): void
  close(): void
}

const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

/** Resolves once upgraded. @throws Error with the status line when refused */
export function openRawSocket(
  url: URL,
  headers: Readonly<Record<string, string>>,
  handlers: RawSocketHandlers,
): Promise<RawSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), url.hostname)
    socket.setNoDelay(true)
    let held: Buffer = Buffer.alloc(0)
    let isOpen = false
    const lines = { Host: url.host, Upgrade: 'websocket', Connection: 'Upgrade', ...headers }
    socket.write(
      `GET ${url.pathname}${url.search} HTTP/1.1\r\nSec-WebSocket-Key: ${KEY}\r\nSec-WebSocket-Version: 13\r\n` +
        Object.entries(lines)
          .map(([name, value]) => `${name}: ${value}\r\n`)
          .join('') +
        '\r\n',
    )
    socket.on('data', (chunk: Buffer) => {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      if (!isOpen) {
        const end = held.indexOf('\r\n\r\n')
        if (end < 0) return
        const status = held.subarray(0, held.indexOf('\r\n')).toString()
        if (!status.includes(' 101 ')) return void (reject(new Error(`refused: ${status}`)), socket.destroy())
        isOpen = true
        held = held.subarray(end + 4)
        resolve({
          sendText: (text) => sendText(socket, text),
          stall: () => void socket.pause(),
          close: () => void socket.destroy(),
        })
      }
      held = readFrames(held, handlers)
    })
    socket.once('error', reject)
    socket.once('close', () => (isOpen ? handlers.closed() : reject(new Error('cut during the upgrade'))))
  })
}

/** Hands on the whole frames and returns what is left. */
function readFrames(bytes: Buffer, handlers: RawSocketHandlers): Buffer {
  let at = 0
  while (bytes.length - at >= 2) {
    const short = (bytes[at + 1] as number) & 127
    const header = short < 126 ? 2 : short === 126 ? 4 : 10
    if (bytes.length - at < header) break
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
    if (bytes.length - at < header + length) break
    handlers.message((bytes[at] as number) & 15, bytes.subarray(at + header, at + header + length))
    at += header + length
  }
  return at === 0 ? bytes : bytes.subarray(at)
}

/** Masked with zeros, which is a mask like any other. */
function sendText(socket: Socket, text: string): void {
  const payload = Buffer.from(text)
  if (socket.writable)
    socket.write(
      Buffer.concat([Buffer.from([0x80 | OPCODE.text, 0x80 | payload.length, 0, 0, 0, 0]), payload]),
    )
}
