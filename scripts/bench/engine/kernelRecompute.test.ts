import { syntheticChain } from '#quant/reference/syntheticChain'
import { expect, test } from 'vitest'
import { createKernelState, quoteTick, recompute, syntheticInput } from './kernelRecompute.ts'

test('a thousand quote ticks leave what a full recompute of the last quotes gives', () => {
  const state = createKernelState(syntheticInput(syntheticChain(31, 400, 8)))
  const { chain } = state.input
  recompute(state, false)
  for (let tick = 0, row = 0; tick < 1000; tick++, row = (row + 79) % chain.count) {
    chain.price[row] = (chain.price[row] as number) * (tick % 2 === 0 ? 1.001 : 0.9995)
    quoteTick(state, row)
  }
  const kept = {
    profile: state.profile.slice(),
    byStrike: state.byStrike.slice(),
    byExpiry: state.byExpiry.slice(),
  }
  recompute(state, false)
  for (const name of ['profile', 'byStrike', 'byExpiry'] as const) {
    const scale = Math.max(...state[name].map(Math.abs))
    const drift = state[name].map((fresh, i) => Math.abs(fresh - (kept[name][i] as number)) / scale)
    expect(Math.max(...drift)).toBeLessThan(1e-9)
  }
})
