import { env } from 'cloudflare:workers'
import { describeWycheproof, type VectorFile } from './wycheproof.testkit.ts'

await describeWycheproof(async (name) => {
  const response = await env.TEST_VECTORS.fetch(`https://vectors/wycheproof/${name}.json`)
  return response.ok ? response.json<VectorFile>() : null
})
