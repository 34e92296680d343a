/** The newest REST answer about a symbol as signals, for what changes by the quarter minute and not by the tick. */
import { createEffect, createSignal, on, onCleanup, type Accessor } from 'solid-js'
import type { ApiProblem } from '#client/rest/apiProblem'
import { pollWhileVisible } from './pollWhileVisible.ts'

export interface PolledSignals<T> {
  /** Null until the first answer about this symbol; the last one stays when a later read fails. */
  readonly answer: Accessor<T | null>
  /** Why the newest read failed; null when it did not. */
  readonly problem: Accessor<ApiProblem | null>
}

export function createPolled<T>(
  read: (symbol: string) => Promise<T>,
  symbol: Accessor<string>,
  isVisible: Accessor<boolean>,
): PolledSignals<T> {
  const [answer, setAnswer] = createSignal<T | null>(null)
  const [problem, setProblem] = createSignal<ApiProblem | null>(null)
  createEffect(
    on(symbol, (chosen) => {
      setAnswer(null)
      setProblem(null)
      const sinks = {
        value: (next: T) => {
          setAnswer(() => next)
          setProblem(null)
        },
        problem: setProblem,
      }
      const poll = pollWhileVisible(() => read(chosen), sinks, { nowMs: Date.now, every })
      createEffect(() => poll.setVisible(isVisible()))
      onCleanup(() => poll.close())
    }),
  )
  return { answer, problem }
}

function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms)
  return () => clearInterval(timer)
}
