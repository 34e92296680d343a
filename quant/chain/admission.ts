import type { ContractSpec } from './chain.ts'

/**
 * Contracts one chain holds. SPX, the largest listed chain, has some 24,000; the buffers and the 16-bit strike and
 * expiry indices are sized for this many.
 */
export const MAX_CONTRACTS = 32_768

export const REFUSALS = {
  terms: 'strike or multiplier not positive, or no settlement instant',
  limit: `more than ${MAX_CONTRACTS} contracts`,
} as const
export type Refusal = keyof typeof REFUSALS

/** How many contracts a chain left out, by why. */
export type Refused = Readonly<Partial<Record<Refusal, number>>>

/** Indices of the contracts that can be laid out, in the order given: of too many, the first. */
export function admit(contracts: readonly ContractSpec[]): { admitted: number[]; refused: Refused } {
  const admitted: number[] = []
  const refused: Partial<Record<Refusal, number>> = {}
  for (const [i, contract] of contracts.entries()) {
    const refusal = !isValid(contract) ? 'terms' : admitted.length === MAX_CONTRACTS ? 'limit' : null
    if (refusal === null) admitted.push(i)
    else refused[refusal] = (refused[refusal] ?? 0) + 1
  }
  return { admitted, refused }
}

function isValid({ strike, multiplier, expiryMs }: ContractSpec): boolean {
  return (
    isPrice(strike) && multiplier > 0 && multiplier <= MAX_MULTIPLIER && Math.abs(expiryMs) <= LAST_DATE_MS
  )
}

const MAX_MULTIPLIER = 1e6
/** Beyond it an instant has no date. */
const LAST_DATE_MS = 8.64e15

/** A hundred times the dearest share; squares and products of such prices stay far from overflow. */
const MAX_PRICE = 1e8

/** Whether a number can be a strike or the price of an underlying. */
export function isPrice(value: number): boolean {
  return value > 0 && value <= MAX_PRICE
}
