/** Which shard a caller goes to: the one that scores highest for it, so that growing moves nobody but to the new one. */

export function rendezvous(key: string, shards: number): number {
  let best = 0
  let bestScore = -1
  for (let shard = 0; shard < shards; shard++) {
    const score = hash(`${shard}:${key}`)
    if (score > bestScore) {
      best = shard
      bestScore = score
    }
  }
  return best
}

/** FNV-1a with the finalizer of MurmurHash3, without which keys that differ in their last letter score alike. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
