/** What the underlyings we know are called; others go by their symbol. */
const NAMES: Readonly<Record<string, string>> = {
  SPX: 'S&P 500 Index',
  XSP: 'Mini-S&P 500 Index',
  NDX: 'Nasdaq-100 Index',
  RUT: 'Russell 2000 Index',
  VIX: 'Cboe Volatility Index',
  SPY: 'SPDR S&P 500 ETF',
  QQQ: 'Invesco QQQ ETF',
  IWM: 'iShares Russell 2000 ETF',
  NVDA: 'NVIDIA',
  NIFTY: 'Nifty 50 Index',
  BANKNIFTY: 'Nifty Bank Index',
}

export function underlyingName(symbol: string): string {
  return Object.hasOwn(NAMES, symbol) ? (NAMES[symbol] ?? symbol) : symbol
}
