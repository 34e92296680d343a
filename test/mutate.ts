/** Damage as it happens to bytes, by seed. */
import type { Random } from '#bridge/feeds/synthetic/Random'

/** One to four bytes flipped, set, removed, inserted, or the tail cut off. */
export function mutated(original: Uint8Array, random: Random): Uint8Array<ArrayBuffer> {
  const bytes = [...original]
  for (let times = 1 + random.integer(4); times > 0; times--) {
    const kind = random.integer(5)
    const place = random.integer(bytes.length)
    if (kind === 0) bytes[place] = (bytes[place] ?? 0) ^ (1 << random.integer(8))
    else if (kind === 1) bytes[place] = random.integer(256)
    else if (kind === 2) bytes.splice(place, 1)
    else if (kind === 3) bytes.splice(place, 0, random.integer(256))
    else bytes.length = place
  }
  return Uint8Array.from(bytes)
}
