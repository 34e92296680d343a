/** The newest exposures of a symbol over REST: what the stream's frames have no place for. */
import { createEffect, createSignal, on, onCleanup, type Accessor } from 'solid-js'
import type { Client } from '#client/createClient'
import type { ApiProblem } from '#client/rest/apiProblem'
import type { Exposure } from '#schemas/rest/models'
import { pollWhileVisible } from '../volatility/pollWhileVisible.ts'

export interface ExposureSignals {
  /** Null until the first answer about this symbol; the last one stays when a later read fails. */
  readonly exposure: Accessor<Exposure | null>
  /** Why the newest read failed; null when it did not. */
  readonly problem: Accessor<ApiProblem | null>
}

export function createExposure(
  client: Pick<Client, 'exposure'>,
  symbol: Accessor<string>,
  isVisible: Accessor<boolean>,
): ExposureSignals {
  const [exposure, setExposure] = createSignal<Exposure | null>(null)
  const [problem, setProblem] = createSignal<ApiProblem | null>(null)
  createEffect(
    on(symbol, (chosen) => {
      setExposure(null)
      setProblem(null)
      const sinks = {
        value: (next: Exposure) => {
          setExposure(next)
          setProblem(null)
        },
        problem: setProblem,
      }
      const poll = pollWhileVisible(() => client.exposure(chosen), sinks, { nowMs: Date.now, every })
      createEffect(() => poll.setVisible(isVisible()))
      onCleanup(() => poll.close())
    }),
  )
  return { exposure, problem }
}

function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms)
  return () => clearInterval(timer)
}
