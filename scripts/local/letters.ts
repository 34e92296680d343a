/** Letters that the local Worker prints instead of sending them: without a mail service this is how one gets a sign-in code. */
import { createInterface } from 'node:readline'
import type { Child } from './processes.ts'

export interface PrintedLetter {
  readonly to: string
  readonly subject: string
}

/** wrangler puts a sign and colours around the Worker's line. */
const LINE = /\{"level":"warn","message":"letter",.*\}/

export function letterIn(line: string): PrintedLetter | null {
  const [json] = LINE.exec(line) ?? []
  if (json === undefined) return null
  const { to, subject } = JSON.parse(json) as PrintedLetter
  return { to, subject }
}

export function watchLetters(worker: Child, onLetter: (letter: PrintedLetter) => void): void {
  for (const input of [worker.process.stdout, worker.process.stderr]) {
    if (!input) continue
    createInterface({ input }).on('line', (line) => {
      const letter = letterIn(line)
      if (letter !== null) onLetter(letter)
    })
  }
}
