/**
 * What a print's sale condition allows to be made of it. OPRA's message types as vendors number them (201 = `A`):
 * two public maps agree on 201–244, the last four follow in sequence. The raw code stays with the print.
 */
export interface ConditionPolicy {
  /** OPRA message type. */
  readonly name: string
  /** Takes an earlier print back; everything it added is subtracted. */
  readonly cancels: boolean
  readonly volume: boolean
  /** Its price is what somebody agreed to pay for this contract alone. */
  readonly premium: boolean
  /** Its price beside the quote of its instant says who wanted the trade. */
  readonly aggressor: boolean
  /** Part of an intermarket sweep. */
  readonly sweep: boolean
}

type Rule = Omit<ConditionPolicy, 'name'>
const REGULAR: Rule = { cancels: false, volume: true, premium: true, aggressor: true, sweep: false }
const SWEEP: Rule = { ...REGULAR, sweep: true }
const CANCEL: Rule = { ...REGULAR, cancels: true, aggressor: false }
/** Reported out of order: the quote of its instant is not the one beside it on the tape. */
const LATE: Rule = { ...REGULAR, aggressor: false }
/** Agreed between two sides before it reached the book. */
const ARRANGED: Rule = LATE
/** One leg of a package: its price is set by the package (Savickas & Wilson 2003: the quote rule is right in half). */
const PACKAGE: Rule = LATE
/** Positions netted at a price that nobody bargained for. */
const COMPRESSION: Rule = { ...LATE, premium: false }

const POLICIES: ReadonlyMap<number, ConditionPolicy> = new Map(
  (
    [
      [201, 'CANC', CANCEL],
      [202, 'OSEQ', LATE],
      [203, 'CNCL', CANCEL],
      [204, 'LATE', LATE],
      [205, 'CNCO', CANCEL],
      [206, 'OPEN', LATE],
      [207, 'CNOL', CANCEL],
      [208, 'OPNL', LATE],
      [209, 'AUTO', REGULAR],
      [210, 'REOP', REGULAR],
      [219, 'ISOI', SWEEP],
      [227, 'SLAN', REGULAR],
      [228, 'SLAI', SWEEP],
      [229, 'SLCN', ARRANGED],
      [230, 'SLCI', { ...ARRANGED, sweep: true }],
      [231, 'SLFT', ARRANGED],
      [232, 'MLET', PACKAGE],
      [233, 'MLAT', PACKAGE],
      [234, 'MLCT', PACKAGE],
      [235, 'MLFT', PACKAGE],
      [236, 'MESL', PACKAGE],
      [237, 'TLAT', PACKAGE],
      [238, 'MASL', PACKAGE],
      [239, 'MFSL', PACKAGE],
      [240, 'TLET', PACKAGE],
      [241, 'TLCT', PACKAGE],
      [242, 'TLFT', PACKAGE],
      [243, 'TESL', PACKAGE],
      [244, 'TASL', PACKAGE],
      [245, 'TFSL', PACKAGE],
      [246, 'CBMO', COMPRESSION],
      [247, 'MCTP', COMPRESSION],
      [248, 'EXHT', REGULAR],
    ] as const
  ).map(([code, name, rule]) => [code, { name, ...rule }]),
)

const ORDINARY: ConditionPolicy = { name: 'none', ...REGULAR }

/** A code we do not know, or 0 for none, is an ordinary print. */
export function conditionPolicy(code: number): ConditionPolicy {
  return POLICIES.get(code) ?? ORDINARY
}

/** Contracts the print adds to volume; a cancel subtracts. */
export function volumeChange({ cancels, volume }: ConditionPolicy, size: number): number {
  if (cancels) return -size
  return volume ? size : 0
}
