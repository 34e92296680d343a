/**
 * Which room may import which. The direction of these arrows is what keeps the mathematics free of the platform and
 * the web free of the server, so it is checked, not remembered.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  schemas: [],
  quant: [],
  'durable-objects': ['quant', 'schemas'],
  workers: ['durable-objects', 'quant', 'schemas'],
  bridge: ['quant', 'schemas'],
  client: ['schemas'],
  web: ['client', 'schemas', 'quant'],
}

const IMPORT = /(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g

export interface Violation {
  readonly file: string
  readonly specifier: string
  readonly why: string
}

/** `file` is relative to the root with forward slashes. Rooms not listed (scripts, test) may import anything. */
export function violationsIn(file: string, source: string): Violation[] {
  const room = file.split('/')[0] ?? ''
  const violations: Violation[] = []
  for (const [, specifier = ''] of source.matchAll(IMPORT)) {
    const target = targetRoom(file, specifier)
    const allowed = ALLOWED[room]
    if (allowed && target && target !== room && !allowed.includes(target)) {
      violations.push({
        file,
        specifier,
        why: `${room}/ may import ${allowed.join(', ') || 'no other room'}`,
      })
    }
    if (specifier === 'cloudflare:workers' && allowed && !mayUsePlatform(file)) {
      violations.push({ file, specifier, why: 'only *Object.ts, workers/index.ts and workerd tests may' })
    }
  }
  return violations
}

function mayUsePlatform(file: string): boolean {
  return (
    file.endsWith('Object.ts') ||
    file === 'workers/index.ts' ||
    /[./]workerd\.(test|testkit)\.ts$/.test(file) ||
    file.startsWith('workers/testing/')
  )
}

/** The room an import lands in, or null for packages. */
function targetRoom(file: string, specifier: string): string | null {
  if (specifier.startsWith('#')) return specifier.slice(1).split('/')[0] ?? null
  if (!specifier.startsWith('.')) return null
  const path = file.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') path.pop()
    else if (part !== '.') path.push(part)
  }
  return path[0] ?? null
}
