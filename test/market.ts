/** A synthetic market for tests that only look at it. */
import { eventually } from './eventually.ts'
import { guestToken, type Product } from './product.ts'

/** In a list of symbols NIFTY comes first, also beside what tests add. */
const SYMBOLS = ['SPX', 'NIFTY', 'NVDA']

/** Resolves once every symbol has its numbers and is listed. */
export async function openMarket(product: Product): Promise<void> {
  product.bridge(['--feed', 'synthetic', '--symbols', SYMBOLS.join(), '--seed', '3'])
  const headers = { authorization: `Bearer ${await guestToken(product.url)}` }
  const isThere = async (path: string) => (await fetch(product.url + path, { headers })).ok
  await eventually(async () => {
    const answers = await Promise.all(SYMBOLS.map((symbol) => isThere(`/v1/exposure/${symbol}`)))
    const listed = await fetch(`${product.url}/v1/symbols`, { headers })
    const { data } = (await listed.json()) as { readonly data: readonly unknown[] }
    return (answers.every(Boolean) && data.length === SYMBOLS.length) || null
  })
}
