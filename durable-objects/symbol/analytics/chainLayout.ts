/** Which contracts of a book enter the figures, and on what terms. Rebuilt only when the set of contracts changes. */
import type { QualityFlag } from '#schemas/feed'
import { dateFromWire } from '#schemas/ingest/build'
import type { ContractSpec } from '#quant/chain/chain'
import { rootSpec, type RootSpec } from '#quant/contracts/rootMaster'
import { settlementInstantMs } from '#quant/contracts/settlement'
import { isListed, rootOf, type ChainBook } from '../book/chainBook.ts'

export interface ChainLayout {
  /** Book row of each contract of `specs`. */
  readonly bookRows: Int32Array
  readonly specs: readonly ContractSpec[]
  /** Listed contracts that cannot be valued: adjusted or FLEX terms, or no settlement date in the calendar. */
  readonly excluded: number
  /** What is true of the contracts themselves, whatever their quotes. */
  readonly flags: readonly QualityFlag[]
  /** Terms of the first valued contract: currency, exercise and calendar of the symbol. Null without one. */
  readonly terms: RootSpec | null
}

export function layoutOf(book: ChainBook): ChainLayout {
  const bookRows: number[] = []
  const specs: ContractSpec[] = []
  const flags = new Set<QualityFlag>()
  let excluded = 0
  let terms: RootSpec | null = null
  const { strike, isCall, multiplier, expiryDate } = book.columns
  for (let row = 0; row < book.count; row++) {
    if (!isListed(book, row)) continue
    const spec = rootSpec(rootOf(book, row))
    const settlement = settlementInstantMs({
      root: spec.root,
      expiryDate: dateFromWire(expiryDate[row] as number),
    })
    if (spec.exclusion !== null || !settlement.ok) {
      excluded += 1
      if (spec.exclusion !== null) flags.add('ADJ_CONTRACT')
      continue
    }
    terms ??= spec
    if (settlement.averagingMinutes > 0) flags.add('AVG_SETTLE')
    bookRows.push(row)
    specs.push({
      expiryMs: settlement.expiryMs,
      strike: strike[row] as number,
      right: isCall[row] === 1 ? 'call' : 'put',
      multiplier: multiplier[row] as number,
      averagingMinutes: settlement.averagingMinutes,
    })
  }
  return { bookRows: Int32Array.from(bookRows), specs, excluded, flags: [...flags], terms }
}
