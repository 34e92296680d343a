/** `npm run methods`: writes `docs/methods` anew from the registry of metrics. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { methodPages } from './methods/pages.ts'

const folder = join(import.meta.dirname, '../docs/methods')
const pages = await methodPages()
rmSync(folder, { recursive: true, force: true })
for (const [path, text] of pages) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
console.log(`${pages.size} pages in docs/methods`)
