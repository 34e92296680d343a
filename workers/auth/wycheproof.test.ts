import { describeWycheproof, type VectorFile } from './wycheproof.testkit.ts'

/** By import, not node:fs: this room is compiled without Node's types. */
await describeWycheproof(async (name) => {
  const here = (import.meta as unknown as { url: string }).url
  const url = new URL(`../../../shared/vectors/wycheproof/${name}.json`, here).href
  const module = (await import(url, { with: { type: 'json' } }).catch(() => null)) as {
    default: VectorFile
  } | null
  return module?.default ?? null
})
