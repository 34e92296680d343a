import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Whether something else already listens on the loopback port. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}

/** Outgoing connections get theirs from 32768 on: below, a port stays free until it is listened on. */
const [LOWEST, PORTS] = [12_000, 20_000]

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const port = LOWEST + randomInt(PORTS)
  return (await isPortFree(port)) ? port : freePort()
}
