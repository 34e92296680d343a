import { fork } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchResult } from '../report.ts'
import { bundled } from './bundle.ts'

const ROOT = join(import.meta.dirname, '../../..')
/** Inside node_modules, where the bundle finds the peers that it loads by name. */
const FOLDER = join(ROOT, 'node_modules/.cache/bench-engine')

/**
 * The engine and its peers in Node, from one bundle of all of them as workerd gets it: V8 optimises modules and bundles
 * differently, and Node's own stripping of types slows typed arrays down for the rest of the process.
 */
export async function nodeWorks(): Promise<BenchResult[]> {
  const program = join(FOLDER, 'node.mjs')
  mkdirSync(FOLDER, { recursive: true })
  writeFileSync(program, await bundled(join(import.meta.dirname, 'nodeModule.ts'), 'node'))
  return new Promise((resolve, reject) => {
    const child = fork(program, { cwd: ROOT, serialization: 'advanced', execArgv: [] })
    child.once('message', (results) => resolve(results as BenchResult[]))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the benchmark in Node ended with ${code}`)))
  })
}
