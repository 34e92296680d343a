/** One whole chain of the synthetic market, so that there is something to read. */
import { profileOf } from '#bridge/feeds/synthetic/profiles'
import { SyntheticMarket } from '#bridge/feeds/synthetic/SyntheticMarket'
import { createIngestClient } from './ingestClient.ts'
import type { WorkerdServer } from './workerdServer.ts'

export async function fillMarket(server: WorkerdServer, symbol: string): Promise<void> {
  const profile = profileOf(symbol)
  if (profile === null) throw new Error(`expected a synthetic symbol, was ${symbol}`)
  const market = new SyntheticMarket(profile, 1, Date.UTC(2026, 10, 20, 15, 30))
  const client = createIngestClient(server, symbol)
  for (const batch of client.seal(market.snapshot())) await client.post(batch)
}
