/**
 * Token buckets in an isolate's memory: a shield against abuse and not an accounting, as each isolate counts for itself.
 */
export interface AbuseLimiter {
  /** Takes `cost` from the client's allowance: 0, or how long until there is enough. */
  waitMs(client: string, cost: number, nowMs: number): number
}

export interface Allowance {
  readonly burst: number
  readonly perMinute: number
}

const MAX_CLIENTS = 10_000

/** A token bucket per client, in memory; the client heard of longest ago is forgotten first. */
export class MemoryAbuseLimiter implements AbuseLimiter {
  readonly #allowance: Allowance
  readonly #buckets = new Map<string, { readonly level: number; readonly atMs: number }>()

  constructor(allowance: Allowance) {
    this.#allowance = allowance
  }

  waitMs(client: string, cost: number, nowMs: number): number {
    const { burst, perMinute } = this.#allowance
    const held = this.#buckets.get(client) ?? { level: burst, atMs: nowMs }
    const refill = (Math.max(0, nowMs - held.atMs) / 60_000) * perMinute
    const level = Math.min(burst, held.level + refill)
    const isAdmitted = level >= cost
    this.#buckets.delete(client)
    this.#buckets.set(client, { level: isAdmitted ? level - cost : level, atMs: nowMs })
    if (this.#buckets.size > MAX_CLIENTS) this.#forgetOne()
    return isAdmitted ? 0 : Math.ceil(((cost - level) / perMinute) * 60_000)
  }

  #forgetOne(): void {
    for (const client of this.#buckets.keys()) {
      this.#buckets.delete(client)
      return
    }
  }
}

/** An IPv6 client has a whole /64 to itself. */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const missing = tail === undefined ? 0 : 8 - groups.length - (tail === '' ? 0 : tail.split(':').length)
  const zeros = Array.from({ length: Math.max(0, missing) }, () => '0')
  const all = [...groups, ...zeros, ...(tail ? tail.split(':') : [])]
  return `${all
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')}::/64`
}
