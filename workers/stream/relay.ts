/** Finding a relay for a socket: the group's size is known to its number 0, and to an isolate for a few seconds. */
import { relayName } from '#durable-objects/relay/shards'
import type { Env } from '#durable-objects/env'
import { regionOf, type Place } from './region.ts'
import { rendezvous } from './rendezvous.ts'

const KNOWN_FOR_MS = 5_000
const MAX_REMEMBERED = 1_024

const remembered = new Map<string, { readonly shards: number; readonly atMs: number }>()

/** `symbol`: for a relay of its own; null for one that serves any. `key`: who is to be sent to the same one again. */
export async function openOnRelay(
  env: Pick<Env, 'RELAY'>,
  request: Request,
  symbol: string | null,
  key: string,
): Promise<Response> {
  const region = regionOf(request.cf as Place | undefined)
  const group = symbol === null ? region : `${symbol}:${region}`
  const relay = (shard: number) => env.RELAY.getByName(relayName(group, shard), { locationHint: region })
  const shards = await shardsOf(group, () => relay(0).readShards(), Date.now())
  // A crowd may come faster than its group is counted: the newest relay has most room, the next one all of it.
  const candidates = new Set([rendezvous(key, shards), shards - 1, shards])
  let response = new Response(null, { status: 503 })
  for (const shard of candidates) {
    // Untouched: a rebuilt response would lose its socket, a re-paired socket its hibernation.
    // oxlint-disable-next-line no-await-in-loop -- each is asked because the one before had no room
    response = await relay(shard).fetch(request.clone())
    if (response.status !== 503) return response
  }
  return response
}

async function shardsOf(group: string, read: () => Promise<number>, nowMs: number): Promise<number> {
  const known = remembered.get(group)
  if (known !== undefined && nowMs - known.atMs < KNOWN_FOR_MS) return known.shards
  const shards = await read()
  if (remembered.size >= MAX_REMEMBERED) remembered.clear()
  remembered.set(group, { shards, atMs: nowMs })
  return shards
}
