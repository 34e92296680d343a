/**
 * How many relays a group needs. Relays of a group are numbered from 0; each tells number 0 how many sockets it has,
 * and what is not told again within a minute no longer counts. Pure.
 */

/** Sockets a relay is meant to have. It takes more (`MAX_SOCKETS`) while the group is growing. */
export const TARGET_SOCKETS = 4_000
/** So that a mistake in counting cannot open relays without end. */
export const MAX_SHARDS = 64
const REPORT_COUNTS_MS = 60_000

export class ShardCount {
  readonly #reports = new Map<number, { readonly sockets: number; readonly atMs: number }>()

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
    return Math.min(MAX_SHARDS, Math.max(1, Math.ceil(sockets / TARGET_SOCKETS)))
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
