import { describe, expect, it } from 'vitest'
import { Publisher } from './publisher.ts'

const epochs = () => {
  let epoch = 6
  return () => ++epoch
}

describe('Publisher', () => {
  it('lets the first frame after a pause leave at once and folds the rest into one per cadence', () => {
    const publisher = new Publisher(500)
    expect(publisher.request(10_000)).toBe(0)
    expect(publisher.request(10_001)).toBeNull()
    publisher.timerEnded()
    publisher.publish(10_005, epochs())
    expect(publisher.request(10_105)).toBe(400)
    expect(publisher.request(10_400)).toBeNull()
    publisher.timerEnded()
    publisher.publish(10_505, epochs())
    expect(publisher.request(20_000)).toBe(0)
  })

  it('lets no batch wait for a frame that only adds to the one before', () => {
    const publisher = new Publisher(500)
    publisher.request(10_000)
    publisher.timerEnded()
    publisher.publish(10_000, epochs())
    expect(publisher.requestAddition(10_100)).toBe(400)
    publisher.timerEnded()
    publisher.publish(10_500, epochs())
    expect(publisher.request(10_510)).toBe(0)
  })

  it('makes a batch keep to the cadence whose frame was to be an addition', () => {
    const publisher = new Publisher(500)
    expect(publisher.requestAddition(10_000)).toBe(0)
    expect(publisher.request(10_000)).toBeNull()
    publisher.timerEnded()
    publisher.publish(10_000, epochs())
    expect(publisher.request(10_100)).toBe(400)
  })

  it('numbers frames without gaps and names the one before', () => {
    const publisher = new Publisher(500)
    const startEpoch = epochs()
    expect(publisher.publish(1, startEpoch)).toEqual({ epoch: 7, sequence: 1, previous: 0 })
    expect(publisher.publish(2, startEpoch)).toEqual({ epoch: 7, sequence: 2, previous: 1 })
  })

  it('asks for a timer again after one ended without a frame', () => {
    const publisher = new Publisher(500)
    publisher.request(1_000)
    publisher.timerEnded()
    expect(publisher.request(1_100)).toBe(0)
  })
})
