/** One connection to a Redis server: commands go out in order, replies come back in the same order. */
import { connect, type Socket } from 'node:net'
import { encodeCommand, parseReply, type RedisReply } from './resp.ts'

export interface RedisConnection {
  /**
   * Sends all commands in one write, so that nothing of another caller gets between them, and resolves with their
   * replies. Rejects when the connection is lost first.
   */
  send(commands: readonly (readonly string[])[]): Promise<RedisReply[]>
  close(): void
}

interface Waiting {
  readonly resolve: (reply: RedisReply) => void
  readonly reject: (cause: Error) => void
}

export async function connectRedis(target: { host: string; port: number }): Promise<RedisConnection> {
  const socket = await opened(target)
  const waiting: Waiting[] = []
  let unread: Buffer = Buffer.alloc(0)

  const fail = (cause: Error) => {
    for (const { reject } of waiting.splice(0)) reject(cause)
  }
  socket.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk])
    try {
      let parsed = parseReply(unread, 0)
      let end = 0
      while (parsed !== null) {
        end = parsed.end
        waiting.shift()?.resolve(parsed.reply)
        parsed = parseReply(unread, end)
      }
      unread = unread.subarray(end)
    } catch (cause) {
      socket.destroy(cause instanceof Error ? cause : new Error(String(cause)))
    }
  })
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('the connection to Redis was closed')))

  return {
    send(commands) {
      if (!socket.writable) return Promise.reject(new Error('the connection to Redis is closed'))
      const replies = commands.map(
        () => new Promise<RedisReply>((resolve, reject) => waiting.push({ resolve, reject })),
      )
      socket.write(Buffer.concat(commands.map(encodeCommand)))
      return Promise.all(replies)
    },
    close: () => socket.destroy(),
  }
}

function opened({ host, port }: { host: string; port: number }): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true })
    socket.once('connect', () => {
      socket.removeListener('error', reject)
      resolve(socket)
    })
    socket.once('error', reject)
  })
}
