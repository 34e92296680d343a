import { readFileSync } from 'node:fs'
import { isSymbol } from '#schemas/symbol'
import type { Clock } from '../clock/clock.ts'
import { readSnapshot } from '../feeds/chain/readSnapshot.ts'
import { describeProblem } from '../feeds/chain/snapshot.ts'
import { createChainFeed } from '../feeds/chain/createChainFeed.ts'
import type { Feed } from '../feeds/feed.ts'
import { createSyntheticFeed } from '../feeds/synthetic/createSyntheticFeed.ts'
import { profileOf, PROFILES } from '../feeds/synthetic/profiles.ts'
import type { BridgeOptions } from './options.ts'

/** Throws with one line for a person. */
export function createFeeds(options: BridgeOptions, clock: Clock): Feed[] {
  return options.feed === 'chain' ? [chainFeed(options, clock)] : syntheticFeeds(options, clock)
}

function syntheticFeeds(options: BridgeOptions, clock: Clock): Feed[] {
  const known = PROFILES.map(({ symbol }) => symbol)
  const symbols = options.symbols.length > 0 ? options.symbols : known
  return symbols.map((symbol) => {
    const profile = profileOf(symbol)
    if (!profile)
      throw new Error(`the synthetic market has ${known.join(', ')}; "${symbol}" is not among them`)
    return createSyntheticFeed(profile, { ...options, clock })
  })
}

function chainFeed({ file, symbols, replaySeconds }: BridgeOptions, clock: Clock): Feed {
  if (file === null) throw new Error('--feed chain needs --file PATH')
  const parsed = readSnapshot(readFileSync(file, 'utf8'))
  if (!parsed.ok) throw new Error(`${file}: ${describeProblem(parsed.problem)}`)
  const { underlying } = parsed.snapshot
  if (!isSymbol(underlying)) throw new Error(`${file}: "${underlying}" is not a symbol`)
  if (symbols.length > 0 && !symbols.includes(underlying)) {
    throw new Error(`${file} holds ${underlying}, not ${symbols.join(', ')}`)
  }
  return createChainFeed(parsed.snapshot, { replaySeconds, clock })
}
