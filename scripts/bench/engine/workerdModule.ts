/** The worker that runs inside workerd: a request `/<work>/<passes>` does that much work and answers when it is done. */
import { measureAll, reprice } from '#quant/analytics/engine'
import { applySpot } from '#quant/analytics/incremental'
import { CONTRACTS, EXPIRIES, pairedChain, SEED } from './contracts.ts'
import { engineTicks, flipOf, fullAnalysis } from './engineTicks.ts'
import { floeChain, floeExposures, floeRecompute } from './floe.ts'

function createWorks(): Readonly<Record<string, (passes: number) => void>> {
  const paired = pairedChain(SEED, CONTRACTS / EXPIRIES / 2, EXPIRIES)
  const { engine, spot, asOfMs } = paired
  reprice(engine, spot, asOfMs)
  measureAll(engine)
  const floe = floeChain(paired)
  const repeated =
    (pass: () => unknown) =>
    (passes: number): void => {
      for (let n = 0; n < passes; n++) pass()
    }
  return {
    full: repeated(() => fullAnalysis(engine, spot, asOfMs, false)),
    spot: repeated(() => applySpot(engine, spot)),
    quote: engineTicks(engine),
    flip: repeated(() => flipOf(engine)),
    floeFull: repeated(() => floeRecompute(floe)),
    floeSpot: repeated(() => floeExposures(floe)),
  }
}

let works: ReturnType<typeof createWorks> | null = null

export default {
  fetch(request: Request): Response {
    const [, work = '', passes = '0'] = new URL(request.url).pathname.split('/')
    works ??= createWorks()
    const run = works[work]
    if (run === undefined) return new Response(`no work named ${work}`, { status: 404 })
    run(Number(passes))
    return new Response('done')
  },
}
