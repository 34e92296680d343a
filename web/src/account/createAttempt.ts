/** Something a person asked for that takes a while and may fail: at most one at a time, with what went wrong in words. */
import { createSignal, type Accessor } from 'solid-js'
import { problemText } from './problemText.ts'

export interface Attempt {
  readonly isBusy: Accessor<boolean>
  /** Of the last one; null when it succeeded. */
  readonly failure: Accessor<string | null>
  readonly run: (work: () => Promise<unknown>) => Promise<void>
}

export function createAttempt(): Attempt {
  const [isBusy, setBusy] = createSignal(false)
  const [failure, setFailure] = createSignal<string | null>(null)
  const run = async (work: () => Promise<unknown>) => {
    if (isBusy()) return
    setBusy(true)
    setFailure(null)
    try {
      await work()
    } catch (cause) {
      setFailure(problemText(cause))
    } finally {
      setBusy(false)
    }
  }
  return { isBusy, failure, run }
}
