/** The last frame of each symbol and the last list of symbols, kept in this browser for when there is no network. */
import * as v from 'valibot'
import { GammaFrameSchema, type GammaFrame } from '#schemas/frame/gamma'
import { SymbolsSchema, type Symbols } from '#schemas/rest/models'

export interface KeyValueStorage {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
}

export interface KeptFrames {
  frame(symbol: string): GammaFrame | null
  keepFrame(frame: GammaFrame): void
  symbols(): Symbols | null
  keepSymbols(symbols: Symbols): void
}

export function createKeptFrames(storage: KeyValueStorage): KeptFrames {
  const read = <T extends v.GenericSchema>(schema: T, key: string): v.InferOutput<T> | null => {
    try {
      const parsed = v.safeParse(schema, JSON.parse(storage.getItem(key) ?? 'null'))
      return parsed.success ? parsed.output : null
    } catch {
      return null // Damaged or forbidden storage: nothing was kept.
    }
  }
  const write = (key: string, value: unknown) => {
    try {
      storage.setItem(key, JSON.stringify(value))
    } catch {
      // A full or forbidden storage costs the offline picture only.
    }
  }
  return {
    frame: (symbol) => read(GammaFrameSchema, `flipwire.frame.${symbol}`),
    keepFrame: (frame) => write(`flipwire.frame.${frame.symbol}`, frame),
    symbols: () => read(SymbolsSchema, 'flipwire.symbols'),
    keepSymbols: (symbols) => write('flipwire.symbols', symbols),
  }
}
