/** Links of Markdown pages to files and headings of the project. */
import { posix } from 'node:path'

const LINK = /\]\(([^)\s]+)\)/g
const FENCED = /^```[^]*?^```/gm
const INLINE_CODE = /`[^`\n]*`/g

export interface BrokenLink {
  readonly file: string
  readonly link: string
  readonly why: string
}

/** `file` is relative to the root with forward slashes; `read` gives what a file holds, null where there is none. */
export function brokenLinksIn(
  file: string,
  page: string,
  read: (file: string) => string | null,
): BrokenLink[] {
  const text = page.replace(FENCED, '').replace(INLINE_CODE, '')
  const broken: BrokenLink[] = []
  for (const [, link = ''] of text.matchAll(LINK)) {
    if (/^[a-z]+:/.test(link)) continue
    const [path = '', heading] = link.split('#')
    const target = path === '' ? page : read(posix.join(posix.dirname(file), path))
    if (target === null) broken.push({ file, link, why: 'there is no such file' })
    else if (heading !== undefined && !anchorsOf(target).has(heading))
      broken.push({ file, link, why: 'there is no such heading' })
  }
  return broken
}

/** As GitHub names them: lower case, without punctuation, a hyphen for each space, and a number from the second on. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>()
  for (const [, title = ''] of page.replace(FENCED, '').matchAll(/^#{1,6} +(.+)$/gm)) {
    const name = title
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
    let anchor = name
    for (let again = 1; anchors.has(anchor); again++) anchor = `${name}-${again}`
    anchors.add(anchor)
  }
  return anchors
}
