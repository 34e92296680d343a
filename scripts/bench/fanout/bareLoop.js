// The least a Durable Object can do: hold sockets, and send the bytes it is posted to all of them.
import { DurableObject } from 'cloudflare:workers'

export class Loop extends DurableObject {
  async fetch(request) {
    if (request.headers.get('upgrade') === 'websocket') {
      const { 0: client, 1: server } = new WebSocketPair()
      this.ctx.acceptWebSocket(server)
      return new Response(null, { status: 101, webSocket: client })
    }
    const bytes = await request.arrayBuffer()
    const publishedMs = Date.now()
    for (const socket of this.ctx.getWebSockets()) socket.send(bytes)
    return Response.json({ publishedMs })
  }
}

export default {
  fetch: (request, env) => env.LOOP.get(env.LOOP.idFromName('loop')).fetch(request),
}
