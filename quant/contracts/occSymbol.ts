import { isoDate, parseIsoDate, type IsoDate } from '#quant/calendar/isoDate'

/** One listed option, as its OCC symbol names it. */
export interface OccContract {
  /** Option root, which is not always the underlying: SPXW is on SPX, BRKB on BRK.B. */
  readonly root: string
  /** Listed expiry date; when the contract settles is `settlementInstantMs`. */
  readonly expiryDate: IsoDate
  readonly right: 'call' | 'put'
  /** In the currency of the underlying, a multiple of 0.001. */
  readonly strike: number
}

export type OccSymbolResult =
  | { readonly ok: true; readonly contract: OccContract }
  | { readonly ok: false; readonly reason: OccSymbolFault; readonly message: string }

export type OccSymbolFault = 'length' | 'root' | 'expiry_date' | 'right' | 'strike'

/** YYMMDD, C or P, eight digits of strike. */
const TAIL_LENGTH = 15
const MAX_ROOT_LENGTH = 6
const PADDED_LENGTH = MAX_ROOT_LENGTH + TAIL_LENGTH
const ROOT = /^[A-Z0-9]{1,6}$/
const SIX_DIGITS = /^\d{6}$/
const EIGHT_DIGITS = /^\d{8}$/

/**
 * Reads an OCC symbol, padded to 21 characters (`SPXW  250904C06485000`) or with the padding stripped as feeds send it
 * (`SPXW250904C06485000`). Vendor prefixes such as `O:` are the adapter's to remove. Source: OCC, Options Symbology
 * Initiative: root of 6, date YYMMDD, C or P, strike × 1000 in 8 digits.
 */
export function parseOccSymbol(symbol: string): OccSymbolResult {
  if (symbol.length <= TAIL_LENGTH || symbol.length > PADDED_LENGTH) {
    return fault(
      'length',
      symbol,
      `expected ${TAIL_LENGTH + 1} to ${PADDED_LENGTH} characters, found ${symbol.length}`,
    )
  }
  const tailAt = symbol.length - TAIL_LENGTH
  const root = symbol.length === PADDED_LENGTH ? symbol.slice(0, tailAt).trimEnd() : symbol.slice(0, tailAt)
  if (!ROOT.test(root))
    return fault('root', symbol, `expected 1 to 6 of A–Z or 0–9, found "${symbol.slice(0, tailAt)}"`)

  const expiryDate = readExpiryDate(symbol.slice(tailAt, tailAt + 6))
  if (expiryDate === null) {
    return fault('expiry_date', symbol, `expected a date YYMMDD, found "${symbol.slice(tailAt, tailAt + 6)}"`)
  }
  const right = symbol.charAt(tailAt + 6)
  if (right !== 'C' && right !== 'P') return fault('right', symbol, `expected C or P, found "${right}"`)

  const strikeText = symbol.slice(tailAt + 7)
  const thousandths = EIGHT_DIGITS.test(strikeText) ? Number(strikeText) : 0
  if (thousandths === 0) return fault('strike', symbol, `expected 8 digits above zero, found "${strikeText}"`)
  return {
    ok: true,
    contract: { root, expiryDate, right: right === 'C' ? 'call' : 'put', strike: thousandths / 1000 },
  }
}

/** Unpadded symbol, or null when the contract does not fit the scheme: see `formatPaddedOccSymbol`. */
export function formatOccSymbol(contract: OccContract): string | null {
  const tail = formatTail(contract)
  return tail === null ? null : contract.root + tail
}

/**
 * The 21-character symbol, or null when the root is not 1 to 6 of A–Z 0–9, the expiry is not a date of 2000–2099, or
 * the strike is not a positive multiple of 0.001 below 100,000.
 */
export function formatPaddedOccSymbol(contract: OccContract): string | null {
  const tail = formatTail(contract)
  return tail === null ? null : contract.root.padEnd(MAX_ROOT_LENGTH) + tail
}

function formatTail({ root, expiryDate, right, strike }: OccContract): string | null {
  const thousandths = Math.round(strike * 1000)
  const representable = thousandths > 0 && thousandths < 1e8 && thousandths / 1000 === strike
  if (!representable || !ROOT.test(root)) return null
  if (!expiryDate.startsWith('20') || parseIsoDate(expiryDate) === null) return null
  const yymmdd = expiryDate.slice(2).replaceAll('-', '')
  return yymmdd + (right === 'call' ? 'C' : 'P') + String(thousandths).padStart(8, '0')
}

// A chain of 24,000 symbols has some 60 distinct dates, so validating each date once is most of the parsing saved.
const expiryDates = new Map<string, IsoDate>()

function readExpiryDate(yymmdd: string): IsoDate | null {
  const known = expiryDates.get(yymmdd)
  if (known !== undefined) return known
  if (!SIX_DIGITS.test(yymmdd)) return null
  const date = isoDate(
    2000 + Number(yymmdd.slice(0, 2)),
    Number(yymmdd.slice(2, 4)),
    Number(yymmdd.slice(4, 6)),
  )
  if (parseIsoDate(date) === null) return null
  expiryDates.set(yymmdd, date)
  return date
}

function fault(reason: OccSymbolFault, symbol: string, what: string): OccSymbolResult {
  return { ok: false, reason, message: `OCC symbol "${symbol}": ${what}` }
}
