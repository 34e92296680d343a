import { expect, it, vi } from 'vitest'
import { simulate } from './simulate.ts'

vi.mock('#schemas/stream/protocol', async (original) => {
  return (await import('./tightLimits.ts')).tighten(await original())
})

/** Seeds that broke something or met something rare when they were pinned. Any change of cores or faults turns their course. */
it.each([
  [28, 'relays sleep again and again under a viewer that does not read'],
  [2, 'the symbol loses what it stored of its stream, and with it how often it has begun'],
  [108, 'a bridge is killed with a lease request under way whose answer comes in its next life'],
  [66, 'a frozen bridge wakes up to a queue of ticks'],
  [16, 'batches overtake each other so often that a window of four is worth no more than one'],
  [61, 'a standby takes over from a frozen bridge, which wakes up and is fenced'],
  [8, 'bridge and symbol die at one instant with batches stored and not acknowledged'],
  [148, 'a viewer moves to a relay that lags behind what it was shown'],
  [229, 'a viewer that was too slow is closed and goes on from where it was'],
  [1628, 'the same of a viewer of one frame in a while'],
  [9, 'a viewer of one frame in a while is cut off and goes on from where it was'],
])('seed %i: %s', async (seed) => {
  const { violation, trace } = await simulate(seed, 500)
  expect({ violation, trace: violation === null ? [] : trace }).toEqual({ violation: null, trace: [] })
})
