/** The newest REST answer about a symbol as signals, for what changes by the quarter minute and not by the tick. */
import { createEffect, createSignal, on, onCleanup, untrack, type Accessor } from 'solid-js'
import type { ApiProblem } from '#client/rest/apiProblem'
import { POLL_MS, pollWhileVisible } from './pollWhileVisible.ts'

export interface PolledSignals<T> {
  /** Null until the first answer about this symbol; the last one stays when a later read fails. */
  readonly answer: Accessor<T | null>
  /** Why the newest read failed; null when it did not. */
  readonly problem: Accessor<ApiProblem | null>
}

export interface PollingOptions {
  readonly intervalMs?: number
  /** What `read` asks for besides the symbol; a change is read at once. */
  readonly subject?: Accessor<unknown>
}

export function createPolled<T>(
  read: (symbol: string) => Promise<T>,
  symbol: Accessor<string>,
  isVisible: Accessor<boolean>,
  { intervalMs = POLL_MS, subject }: PollingOptions = {},
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
      const poll = pollWhileVisible(() => untrack(() => read(chosen)), sinks, {
        nowMs: Date.now,
        every,
        intervalMs,
      })
      // Hidden before and shown after: nothing is asked for that nobody sees, and what is seen anew only once.
      createEffect((held: unknown) => {
        const isSeen = isVisible()
        const asked = subject?.()
        if (!isSeen) poll.setVisible(false)
        if (asked !== held) poll.refresh()
        if (isSeen) poll.setVisible(true)
        return asked
      }, subject?.())
      onCleanup(() => poll.close())
    }),
  )
  return { answer, problem }
}

function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms)
  return () => clearInterval(timer)
}
