import { expect, test } from 'vitest'
import { ApiProblem } from '#client/rest/apiProblem'
import { POLL_MS, pollWhileVisible } from './pollWhileVisible.ts'

/** A poll of numbers counted up, with its clock in our hands; an ApiProblem in `failures` is thrown instead. */
function polling(failures: Readonly<Record<number, ApiProblem>> = {}) {
  let nowMs = 0
  let timer: (() => void) | null = null
  let asked = 0
  const values: number[] = []
  const problems: string[] = []
  const load = async () => {
    const failure = failures[++asked]
    if (failure) throw failure
    return asked
  }
  const poll = pollWhileVisible(
    load,
    { value: (value) => values.push(value), problem: ({ code }) => problems.push(code) },
    {
      nowMs: () => nowMs,
      every: (_, run) => {
        timer = run
        return () => {
          timer = null
        }
      },
    },
  )
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve))
  return {
    poll,
    values,
    problems,
    asked: () => asked,
    hasTimer: () => timer !== null,
    async show(isVisible: boolean) {
      poll.setVisible(isVisible)
      await settle()
    },
    async pass(ms: number) {
      nowMs += ms
      if (ms >= POLL_MS) timer?.()
      await settle()
    },
  }
}

function problem(code: 'upgrade_required' | 'unavailable'): ApiProblem {
  return new ApiProblem({
    type: 'https://f/problems',
    title: 'T',
    status: code === 'unavailable' ? 503 : 403,
    detail: 'D',
    instance: '/v1/x',
    code,
    requestId: 'r',
  })
}

test('asks at once when first seen, and every 15 s while seen', async () => {
  const poll = polling()
  await poll.pass(POLL_MS)
  expect(poll.asked()).toBe(0)
  await poll.show(true)
  await poll.pass(POLL_MS)
  await poll.pass(POLL_MS)
  expect(poll.values).toEqual([1, 2, 3])
})

test('asks nothing while hidden, and at once when seen again after a while', async () => {
  const poll = polling()
  await poll.show(true)
  await poll.show(false)
  expect(poll.hasTimer()).toBe(false)
  await poll.pass(1_000)
  await poll.show(true)
  expect(poll.values).toEqual([1])
  await poll.show(false)
  await poll.pass(POLL_MS)
  await poll.show(true)
  expect(poll.values).toEqual([1, 2])
})

test('goes on after a failure, but not after the tier was refused', async () => {
  const poll = polling({ 1: problem('unavailable'), 3: problem('upgrade_required') })
  await poll.show(true)
  await poll.pass(POLL_MS)
  await poll.pass(POLL_MS)
  expect(poll.problems).toEqual(['unavailable', 'upgrade_required'])
  expect(poll.values).toEqual([2])
  expect(poll.hasTimer()).toBe(false)
  await poll.show(false)
  await poll.pass(POLL_MS)
  await poll.show(true)
  expect(poll.asked()).toBe(3)
})

test('asks for a changed subject at once, after the running read, or when next seen', async () => {
  const poll = polling()
  await poll.show(true)
  poll.poll.refresh()
  poll.poll.refresh()
  expect(poll.asked()).toBe(2)
  await poll.pass(0)
  expect(poll.values).toEqual([1, 2, 3])
  await poll.show(false)
  poll.poll.refresh()
  await poll.pass(0)
  expect(poll.asked()).toBe(3)
  await poll.show(true)
  expect(poll.values).toEqual([1, 2, 3, 4])
})

test('says nothing after it was closed', async () => {
  const poll = polling()
  poll.poll.setVisible(true)
  poll.poll.close()
  await poll.pass(POLL_MS)
  expect([poll.asked(), poll.values, poll.hasTimer()]).toEqual([1, [], false])
})
