/** One viewer on a socket, which notes when which market time was first shown. */
import { decodeGammaFrame } from '#schemas/frame/codec'
import { HEARTBEAT_MS, PING_TEXT, SUBPROTOCOL_BINARY } from '#schemas/stream/protocol'
import { openRawSocket, OPCODE } from '../../rig/rawSocket.ts'
import type { WorkerdServer } from '../../rig/workerdServer.ts'

export interface FrameWatch {
  frames(): number
  /** Resolves with `performance.now()` of the first frame that shows `asOfMs` or later. @throws Error once cut off */
  shows(asOfMs: number): Promise<number>
  close(): void
}

export async function watchFrames(server: WorkerdServer, symbol: string): Promise<FrameWatch> {
  const url = new URL(`${server.url}/ws/gamma-compact/${symbol}?token=${await server.token()}`)
  let waiting: {
    readonly asOfMs: number
    readonly resolve: (atMs: number) => void
    readonly reject: (error: Error) => void
  }[] = []
  let frames = 0
  const message = (opcode: number, payload: Buffer): void => {
    if (opcode !== OPCODE.binary) return
    const atMs = performance.now()
    const { asOfMs } = decodeGammaFrame(new Uint8Array(payload))
    frames++
    for (const each of waiting) if (each.asOfMs <= asOfMs) each.resolve(atMs)
    waiting = waiting.filter((each) => each.asOfMs > asOfMs)
  }
  const headers = { 'Sec-WebSocket-Protocol': SUBPROTOCOL_BINARY }
  const closed = (): void => waiting.forEach(({ reject }) => reject(new Error('the viewer was cut off')))
  const socket = await openRawSocket(url, headers, { message, closed })
  // A socket that never pings is closed.
  const pinging = setInterval(() => socket.sendText(PING_TEXT), HEARTBEAT_MS)
  return {
    frames: () => frames,
    shows: (asOfMs) => new Promise((resolve, reject) => waiting.push({ asOfMs, resolve, reject })),
    close() {
      clearInterval(pinging)
      waiting = []
      socket.close()
    },
  }
}
