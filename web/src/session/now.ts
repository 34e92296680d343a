/** The wall clock as a signal, once a second: what ages and countdowns are drawn from. */
import { createSignal, onCleanup, type Accessor } from 'solid-js'

export function createNow(): Accessor<number> {
  const [nowMs, setNowMs] = createSignal(Date.now())
  const timer = setInterval(() => setNowMs(Date.now()), 1000)
  onCleanup(() => clearInterval(timer))
  return nowMs
}
