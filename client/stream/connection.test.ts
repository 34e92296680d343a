import { describe, expect, test, vi } from 'vitest'
import { createConnection } from './connection.ts'
import { fakeNetwork, settled } from './fakeNetwork.testkit.ts'
import { RECONNECT, type ConnectionStatus } from './reconnect.ts'

const OPENED = { type: 'opened', heartbeatMs: RECONNECT.heartbeatMs, spreadMs: RECONNECT.spreadMs } as const

async function start() {
  const network = fakeNetwork()
  const messages: unknown[] = []
  const statuses: ConnectionStatus[] = []
  const onLost = vi.fn<() => void>()
  let tokens = 0
  const url = vi.fn<(renew: boolean) => Promise<string>>(async () => `wss://x?token=t${++tokens}`)
  const connection = createConnection({
    url,
    protocol: 'p',
    environment: network.environment,
    onMessage: (data) => void messages.push(data),
    onLost,
    onProbe: () => {},
    onStatus: (status) => void statuses.push(status),
  })
  connection.dispatch({ type: 'start' })
  await settled()
  return { connection, network, messages, statuses, url, onLost }
}

describe('a connection', () => {
  test('asks for a token for every attempt and renews after 4401', async () => {
    const { connection, network, url, statuses } = await start()
    connection.dispatch(OPENED)
    await network.advance(RECONNECT.stableMs)
    network.last().closed(4401)
    await settled()
    expect(network.sockets.map((socket) => socket.url.split('=')[1])).toEqual(['t1', 't2'])
    expect(url.mock.calls).toEqual([[false], [true]])
    connection.dispatch(OPENED)
    expect(statuses.map(({ kind }) => kind)).toEqual(['connecting', 'connected', 'reconnecting', 'connected'])
  })

  test('counts a token that cannot be had as a failed attempt', async () => {
    const { network, url, statuses } = await start()
    url.mockRejectedValueOnce(new Error('offline'))
    network.last().closed(1006)
    await network.advance(3_000)
    expect(network.sockets).toHaveLength(1)
    expect(statuses.at(-1)).toMatchObject({ kind: 'reconnecting', attempt: 2 })
    await network.advance(4_500)
    expect(network.sockets).toHaveLength(2)
  })

  test('replaces a socket silent for two heartbeats; late words of the old one are ignored', async () => {
    const { connection, network, messages, onLost } = await start()
    const dead = network.last()
    connection.dispatch(OPENED)
    await network.advance(2 * RECONNECT.heartbeatMs)
    expect(dead.sent).toEqual(['ping'])
    expect(dead.isClosed).toBe(true)
    expect(onLost).toHaveBeenCalledTimes(1)
    await network.advance(RECONNECT.spreadMs)
    expect(network.sockets).toHaveLength(2)
    dead.message('late')
    dead.closed(1006)
    expect(messages).toEqual([])
    expect(network.last().isClosed).toBe(false)
  })

  test('is kept by pongs', async () => {
    const { connection, network, statuses } = await start()
    connection.dispatch(OPENED)
    for (let beat = 0; beat < 20; beat++) {
      await network.advance(RECONNECT.heartbeatMs)
      network.last().message('pong')
    }
    expect(network.sockets).toHaveLength(1)
    expect(statuses.at(-1)).toEqual({ kind: 'connected' })
  })

  test('gives up a socket on which nobody greets', async () => {
    const { network } = await start()
    await network.advance(RECONNECT.openTimeoutMs)
    expect(network.last().isClosed).toBe(true)
  })

  test('tries at once when the network is back', async () => {
    const { connection, network } = await start()
    network.last().closed(1006)
    connection.dispatch({ type: 'online' })
    await settled()
    expect(network.sockets).toHaveLength(2)
  })

  test('closed for the tier, shows the upgrade state and does not come back by itself', async () => {
    const { network, statuses } = await start()
    network.last().closed(4403)
    await settled()
    expect(statuses.at(-1)).toEqual({ kind: 'upgradeRequired' })
    expect(network.timers()).toBe(0)
  })

  test('stopped, leaves no socket or timer behind', async () => {
    const { connection, network, messages } = await start()
    connection.dispatch(OPENED)
    connection.dispatch({ type: 'stop' })
    expect(network.last().isClosed).toBe(true)
    expect(network.timers()).toBe(0)
    network.last().message('late')
    expect(messages).toEqual([])
  })

  test('stopped while the token is still coming, opens nothing', async () => {
    const { connection, network } = await start()
    network.last().closed(1006)
    connection.dispatch({ type: 'online' })
    connection.dispatch({ type: 'stop' })
    await settled()
    expect(network.sockets).toHaveLength(1)
  })
})
