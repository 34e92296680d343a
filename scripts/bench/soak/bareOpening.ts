/** How fast a crowd gets in where nothing is asked of it: the runtime's own share of coming back. */
import { openAll, startSwarms } from '../fanout/measure.ts'
import { startBareLoop } from '../fanout/servers.ts'

/** Milliseconds until all are in, over so many bare workerd loops. */
export async function bareOpeningMs(sockets: number, servers: number): Promise<number> {
  const loops = await Promise.all(
    Array.from({ length: servers }, () => startBareLoop('bare loop', () => new Uint8Array(1))),
  )
  const swarms = loops.flatMap((loop) =>
    startSwarms(Math.round(sockets / servers)).map((swarm) => ({ loop, swarm })),
  )
  try {
    const beganMs = performance.now()
    await Promise.all(swarms.map(({ loop, swarm }) => openAll(swarm, loop)))
    return performance.now() - beganMs
  } finally {
    for (const { swarm } of swarms) swarm.child.kill('SIGKILL')
    await Promise.all(loops.map((loop) => loop.stop()))
  }
}
