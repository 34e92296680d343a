/** The symbol on the desk lives in the address, `/?symbol=SPX`, so that a link opens the same desk. */
import { createSignal, onCleanup, type Accessor } from 'solid-js'
import { isSymbol } from '#schemas/symbol'

export function symbolInQuery(query: string): string | null {
  const symbol = new URLSearchParams(query).get('symbol')?.toUpperCase() ?? null
  return symbol !== null && isSymbol(symbol) ? symbol : null
}

export function createSymbolAddress(): [
  Accessor<string | null>,
  (symbol: string, replace?: boolean) => void,
] {
  const [symbol, setSymbol] = createSignal(symbolInQuery(location.search))
  const follow = () => setSymbol(symbolInQuery(location.search))
  window.addEventListener('popstate', follow)
  onCleanup(() => window.removeEventListener('popstate', follow))
  const go = (next: string, replace = false) => {
    if (next === symbol()) return
    const address = `?symbol=${encodeURIComponent(next)}`
    if (replace) history.replaceState(null, '', address)
    else history.pushState(null, '', address)
    setSymbol(next)
  }
  return [symbol, go]
}
