/** What every hot cache must do; each implementation runs this same suite. */
import { describe, expect, it } from 'vitest'
import { HOT_KEEP_MS, HOT_KINDS, type HotCache } from './hotCache.ts'

export function describeHotCache(name: string, open: () => HotCache | Promise<HotCache>): void {
  const storedAtMs = Date.now()

  describe(`${name}, as a hot cache`, () => {
    it('answers null for what was never put', async () => {
      const cache = await open()
      expect(await cache.get('levels', 'NEVER')).toBeNull()
    })

    it('gives back what was put, letter for letter', async () => {
      const cache = await open()
      const json = JSON.stringify({
        text: 'ü€𝄞 "quoted" \u0000 OK',
        number: -0.1,
        nothing: null,
        list: [1, '1'],
      })
      await cache.put('levels', 'SPX', { storedAtMs, json })
      expect(await cache.get('levels', 'SPX')).toEqual({ storedAtMs, json })
    })

    it.each(['"OK"', '1', 'null', '"null"', '""', '12345678901234567890'])(
      'does not interpret the JSON %s',
      async (json) => {
        const cache = await open()
        await cache.put('frame', 'SPX', { storedAtMs, json })
        expect(await cache.get('frame', 'SPX')).toEqual({ storedAtMs, json })
      },
    )

    it('keeps kinds and symbols apart', async () => {
      const cache = await open()
      const symbols = ['SPX', 'SPXW', 'BRK.B']
      for (const kind of HOT_KINDS)
        for (const symbol of symbols)
          await cache.put(kind, symbol, { storedAtMs, json: `"${kind} ${symbol}"` })
      for (const kind of HOT_KINDS)
        for (const symbol of symbols)
          expect((await cache.get(kind, symbol))?.json).toBe(`"${kind} ${symbol}"`)
    })

    it('holds the newest put', async () => {
      const cache = await open()
      for (const json of ['1', '2', '3']) await cache.put('exposure', 'SPX', { storedAtMs, json })
      expect((await cache.get('exposure', 'SPX'))?.json).toBe('3')
    })

    it('takes an answer of half a megabyte', async () => {
      const cache = await open()
      const json = JSON.stringify('x'.repeat(512 * 1024))
      await cache.put('exposure', 'BIG', { storedAtMs, json })
      expect((await cache.get('exposure', 'BIG'))?.json).toBe(json)
    })

    it('takes many puts at once', async () => {
      const cache = await open()
      const names = Array.from({ length: 50 }, (_, i) => `S${i}`)
      await Promise.all(
        names.map((symbol) => cache.put('levels', symbol, { storedAtMs, json: `"${symbol}"` })),
      )
      const entries = await Promise.all(names.map((symbol) => cache.get('levels', symbol)))
      expect(entries.map((entry) => entry?.json)).toEqual(names.map((symbol) => `"${symbol}"`))
    })

    it('keeps entries for a minute', () => {
      expect(HOT_KEEP_MS).toBe(60_000)
    })
  })
}
