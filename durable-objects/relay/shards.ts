/**
 * How many relays a group needs. Relays of a group are numbered from 0; each tells number 0 how many sockets it has,
 * and what is not told again within a minute no longer counts. It grows at once and shrinks one at a time, because after
 * a cut nobody is there and everybody is about to come back. Pure.
 */

import { RENEW_MS } from './contract.ts'

/** Sockets a relay is meant to have. It takes more (`MAX_SOCKETS`) while the group is growing. */
export const TARGET_SOCKETS = 4_000
/** So that a mistake in counting cannot open relays without end. */
export const MAX_SHARDS = 64
const REPORT_COUNTS_MS = 60_000
/** As often as relays report. */
export const SHRINK_EVERY_MS = RENEW_MS

export class ShardCount {
  readonly #reports = new Map<number, { readonly sockets: number; readonly atMs: number }>()
  #shards: number
  /** When it last needed all of them, or shrank. */
  #sinceMs: number

  /** `shards`: needed in an earlier life, whose reports are lost; null in the first. */
  constructor(shards: number | null, nowMs: number) {
    this.#shards = shards ?? 1
    this.#sinceMs = nowMs
  }

  report(shard: number, sockets: number, nowMs: number): void {
    this.#reports.set(shard, { sockets, atMs: nowMs })
  }

  /** `own`: sockets of number 0 itself. */
  needed(own: number, nowMs: number): number {
    let sockets = own
    for (const [shard, report] of this.#reports) {
      if (nowMs - report.atMs > REPORT_COUNTS_MS) this.#reports.delete(shard)
      else sockets += report.sockets
    }
    const counted = Math.min(MAX_SHARDS, Math.max(1, Math.ceil(sockets / TARGET_SOCKETS)))
    if (counted < this.#shards && nowMs - this.#sinceMs < SHRINK_EVERY_MS) return this.#shards
    this.#shards = Math.max(counted, this.#shards - 1)
    this.#sinceMs = nowMs
    return this.#shards
  }
}

/** `relay:<group>:<number>`, the group being a region or a symbol and a region. */
export function relayName(group: string, shard: number): string {
  return `relay:${group}:${shard}`
}

/** Number 0 of the relay's group, and the relay's own number; null for a name that is none. */
export function placeOf(name: string): { readonly first: string; readonly shard: number } | null {
  const parts = /^(relay:.+):(\d+)$/.exec(name)
  return parts === null ? null : { first: `${parts[1]}:0`, shard: Number(parts[2]) }
}
