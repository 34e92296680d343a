/** The newest readings of the windows that can be seen. */
import { createMemo, createSignal, type Accessor } from 'solid-js'
import type { Client } from '#client/createClient'
import type { ApiProblem } from '#client/rest/apiProblem'
import type { MetricFamily, Methods, Metrics } from '#schemas/rest/metrics'
import { createPolled, type PolledSignals } from '../desk/createPolled.ts'
import { POLL_MS } from '../desk/pollWhileVisible.ts'
import { WINDOWS } from './windowList.ts'

/** All families on screen in one request; the large ones in another, less often: together they are a megabyte. */
const SMALL_POLL_MS = 3_000

const LARGE = new Set(WINDOWS.filter(({ isLarge }) => isLarge).map(({ family }) => family))

export type MethodTexts = ReadonlyMap<string, Methods['data'][number]>

export interface WindowReadings {
  /** By family; a family stays when it is off screen or a later read fails. */
  readonly data: Accessor<Metrics['data']>
  /** What metrics mean, by id; empty until it is known. */
  readonly methods: Accessor<MethodTexts>
  /** Why the newest read failed; null when it did not. */
  readonly problem: Accessor<ApiProblem | null>
  readonly setOnScreen: (family: MetricFamily, isOnScreen: boolean) => void
}

export function createReadings(
  client: Client,
  symbol: Accessor<string>,
  isAllowed: Accessor<boolean>,
): WindowReadings {
  const [onScreen, setOnScreen] = createSignal<ReadonlySet<MetricFamily>>(new Set())
  const isSeen = () => isAllowed() && onScreen().size > 0
  const poll = (isLarge: boolean, intervalMs: number) => {
    const families = createMemo(() => [...onScreen()].filter((family) => LARGE.has(family) === isLarge), [], {
      equals: (a, b) => a.join() === b.join(),
    })
    const polled = createPolled(
      (chosen) => client.metrics(chosen, families()),
      symbol,
      () => isAllowed() && families().length > 0,
      { intervalMs, subject: families },
    )
    const data = createMemo<Metrics['data']>((held) => {
      const answer = polled.answer()
      return answer === null ? {} : { ...held, ...answer.data }
    }, {})
    return { data, problem: polled.problem }
  }
  const small = poll(false, SMALL_POLL_MS)
  const large = poll(true, POLL_MS)
  const texts: PolledSignals<Methods> = createPolled(
    () => client.methods(),
    () => '',
    () => isSeen() && texts.answer() === null,
  )
  return {
    data: () => ({ ...small.data(), ...large.data() }),
    methods: createMemo(() => new Map(texts.answer()?.data.map((method) => [method.id, method]))),
    problem: () => small.problem() ?? large.problem(),
    setOnScreen: (family, isOnScreen) =>
      setOnScreen((held) => {
        const next = new Set(held)
        if (isOnScreen) next.add(family)
        else next.delete(family)
        return next
      }),
  }
}
