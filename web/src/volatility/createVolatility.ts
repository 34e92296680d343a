/** The newest volatility of a symbol as signals. Over REST alone: it changes by the quarter minute, not by the tick. */
import { createEffect, createSignal, on, onCleanup, type Accessor } from 'solid-js'
import type { Client } from '#client/createClient'
import type { ApiProblem } from '#client/rest/apiProblem'
import type { Volatility } from '#schemas/rest/volatility'
import { pollWhileVisible } from './pollWhileVisible.ts'

export interface VolatilitySignals {
  /** Null until the first answer about this symbol; the last one stays when a later read fails. */
  readonly volatility: Accessor<Volatility | null>
  /** Why the newest read failed; null when it did not. */
  readonly problem: Accessor<ApiProblem | null>
}

export function createVolatility(
  client: Client,
  symbol: Accessor<string>,
  isVisible: Accessor<boolean>,
): VolatilitySignals {
  const [volatility, setVolatility] = createSignal<Volatility | null>(null)
  const [problem, setProblem] = createSignal<ApiProblem | null>(null)
  createEffect(
    on(symbol, (chosen) => {
      setVolatility(null)
      setProblem(null)
      const sinks = {
        value: (next: Volatility) => {
          setVolatility(next)
          setProblem(null)
        },
        problem: setProblem,
      }
      const poll = pollWhileVisible(() => client.volatility(chosen), sinks, { nowMs: Date.now, every })
      createEffect(() => poll.setVisible(isVisible()))
      onCleanup(() => poll.close())
    }),
  )
  return { volatility, problem }
}

/** Whether the element can be seen: on screen or nearly, in a tab that is shown. */
export function createOnScreen(host: Accessor<Element | undefined>): Accessor<boolean> {
  const [isNear, setNear] = createSignal(false)
  const [isShown, setShown] = createSignal(!document.hidden)
  createEffect(() => {
    const element = host()
    if (!element) return
    const observer = new IntersectionObserver((entries) => setNear(entries.at(-1)?.isIntersecting ?? false), {
      rootMargin: '200px',
    })
    observer.observe(element)
    onCleanup(() => observer.disconnect())
  })
  const listen = () => setShown(!document.hidden)
  document.addEventListener('visibilitychange', listen)
  onCleanup(() => document.removeEventListener('visibilitychange', listen))
  return () => isNear() && isShown()
}

function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms)
  return () => clearInterval(timer)
}
