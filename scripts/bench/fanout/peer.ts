/** A peer's server in a process of its own: `node peer.ts ws|wsDeflate|socketIo`. An IPC message is broadcast. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { WebSocketServer } from 'ws'

/** Bytes, JSON text, or for socket.io what it makes text of itself, once for all. */
export type PeerUpdate = Uint8Array | string | object

type Broadcast = (update: PeerUpdate) => void

const http = createServer()

function nodeWs(deflate: boolean): Broadcast {
  // As a careful operator would set it: the fastest level, and a dictionary kept per connection.
  const perMessageDeflate = deflate && { zlibDeflateOptions: { level: 1 }, threshold: 0 }
  const server = new WebSocketServer({ server: http, perMessageDeflate })
  return (update) => {
    for (const client of server.clients) client.send(update as Uint8Array | string)
  }
}

function socketIo(): Broadcast {
  const server = new Server(http, { transports: ['websocket'], perMessageDeflate: false })
  return (update) => server.emit('frame', update)
}

const PEERS: Readonly<Record<string, () => Broadcast>> = {
  ws: () => nodeWs(false),
  wsDeflate: () => nodeWs(true),
  socketIo,
}

const broadcast = PEERS[process.argv[2] ?? '']?.()
if (broadcast === undefined) throw new Error(`expected one of ${Object.keys(PEERS).join(', ')}`)
process.on('message', (update: PeerUpdate) => {
  const publishedMs = performance.timeOrigin + performance.now()
  broadcast(update)
  process.send?.({ publishedMs })
})
http.listen(0, '127.0.0.1', 4_096, () => process.send?.({ port: (http.address() as AddressInfo).port }))
