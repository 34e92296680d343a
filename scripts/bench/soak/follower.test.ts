import { expect, it } from 'vitest'
import { Follower, NOTHING } from './follower.ts'

const at = (sequence: number, epoch = 1) => ({ epoch, sequence })

function following() {
  const word = { ...NOTHING }
  const follower = new Follower(word)
  follower.subscribed(at(10), false)
  follower.snapshot(at(10))
  for (const sequence of [11, 12, 13]) follower.delta(at(sequence), sequence - 1)
  return { word, follower }
}

it('finds nothing in a stream that keeps its word', () => {
  const { word, follower } = following()
  expect(follower.resume('earlier', 0.5)).toEqual(at(11))
  follower.subscribed(at(14), true)
  for (const sequence of [12, 13, 14, 15]) follower.delta(at(sequence), sequence - 1)
  expect(follower.resume('foreign', 0)).toEqual(at(15, 2))
  follower.subscribed(at(16), false)
  follower.snapshot(at(16))
  expect(word).toEqual({ frames: 9, resumes: 2, recovered: 1, wrong: 0, gaps: 0, duplicates: 0 })
})

it('goes back as far as its first snapshot and no further', () => {
  const { follower } = following()
  expect(follower.resume('earlier', 0)).toEqual(at(13))
  expect(follower.resume('earlier', 0.999)).toEqual(at(10))
})

it.each([
  ['gaps', (follower: Follower) => follower.delta(at(15), 14)],
  ['gaps', (follower: Follower) => follower.delta(at(14, 2), 13)],
  ['duplicates', (follower: Follower) => follower.delta(at(13), 12)],
] as const)('counts among the %s a frame that does not follow', (kind, say) => {
  const { word, follower } = following()
  say(follower)
  expect(word[kind]).toBe(1)
})

it('counts a promise that was not given, or not kept', () => {
  const { word, follower } = following()
  follower.resume('held', 0)
  follower.subscribed(at(20), false)
  expect(word.wrong).toBe(1)
  follower.snapshot(at(20))
  follower.resume('held', 0)
  follower.subscribed(at(22), true)
  follower.snapshot(at(22))
  expect(word).toMatchObject({ gaps: 1, wrong: 1 })
})
