/** What a subscription names: `gamma.SPX`, the live gamma frame of a symbol. */
import { isSymbol } from '../symbol.ts'

const PREFIX = 'gamma.'

export function gammaChannel(symbol: string): string {
  return PREFIX + symbol
}

/** The symbol of a channel, or null when the text is no channel's name. Whether it has data is another question. */
export function symbolOfChannel(channel: string): string | null {
  const symbol = channel.startsWith(PREFIX) ? channel.slice(PREFIX.length) : ''
  return isSymbol(symbol) ? symbol : null
}
