/** Reads every Markdown page git knows of and reports links to files and headings that are not there. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { brokenLinksIn } from './links.ts'

const root = join(import.meta.dirname, '..')
const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
const broken = listed.split('\n').flatMap((file) => {
  const page = file === '' ? null : read(file)
  return page === null ? [] : brokenLinksIn(file, page, read)
})
for (const { file, link, why } of broken) console.error(`${file}: links to ${link}, but ${why}`)
process.exit(broken.length === 0 ? 0 : 1)

/** A folder is there, and has no headings. */
function read(file: string): string | null {
  const path = join(root, file)
  if (!existsSync(path)) return null
  return statSync(path).isDirectory() ? '' : readFileSync(path, 'utf8')
}
