import { describe, expect, test } from 'vitest'
import { gammaFrame } from '#client/stream/frames.testkit'
import { createKeptFrames } from './keptFrames.ts'

describe('kept frames', () => {
  function storage(initial: Record<string, string> = {}) {
    const values = new Map(Object.entries(initial))
    return {
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
    }
  }

  test('come back as they were', () => {
    const kept = createKeptFrames(storage())
    kept.keepFrame(gammaFrame({ symbol: 'RUT' }))
    expect(kept.frame('RUT')).toEqual(gammaFrame({ symbol: 'RUT' }))
    expect(kept.frame('SPX')).toBeNull()
  })

  test.each(['{', '{"v":1}', 'null'])('damaged storage (%s) is nothing kept', (text) => {
    expect(createKeptFrames(storage({ 'flipwire.frame.SPX': text })).frame('SPX')).toBeNull()
  })

  test('a storage that refuses does not fail the desk', () => {
    const refusing = {
      getItem: () => {
        throw new Error('denied')
      },
      setItem: () => {
        throw new Error('full')
      },
    }
    const kept = createKeptFrames(refusing)
    expect(() => kept.keepFrame(gammaFrame())).not.toThrow()
    expect(kept.frame('SPX')).toBeNull()
  })
})
