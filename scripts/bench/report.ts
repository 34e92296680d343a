import { execFileSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'

/** One measured implementation of one piece of work. The figure's key carries its unit. */
export interface BenchResult {
  readonly work: string
  readonly impl: string
  readonly runtime: string
  readonly figure: Readonly<Record<string, number>>
  /** Largest error against the known answer, in the unit `errorIn` names. */
  readonly maxError?: number
  readonly errorIn?: string
  /** Answers that miss the stated accuracy, out of those asked. */
  readonly misses?: number
  readonly asked?: number
}

/** A ratio within this run, never an absolute figure: another machine moves both sides. NaN without one of the sides. */
export interface BenchGate {
  readonly gate: string
  readonly value: number
  readonly target: number
  readonly ok: boolean
}

export interface BenchReport {
  readonly results: readonly BenchResult[]
  readonly gates: readonly BenchGate[]
}

export function atLeast(gate: string, value: number, target: number): BenchGate {
  return { gate, value: significant(value, 3), target, ok: value >= target }
}

/** `commit` ends in "+" when the working tree differs from it, and is null outside a repository. */
export function toJson({ results, gates }: BenchReport): string {
  const flat = results.map(({ figure, ...rest }) => ({ ...rest, ...figure }))
  return JSON.stringify({ commit: commit(), machine: machine(), results: flat, gates })
}

export function toTable({ results, gates }: BenchReport): string {
  const rows = results.map(({ work, impl, runtime, figure, maxError, errorIn, misses, asked }) => [
    work,
    impl,
    runtime,
    Object.entries(figure)
      .map(([unit, value]) => `${value} ${unit}`)
      .join(', '),
    maxError === undefined ? '' : `${maxError.toExponential(1)} ${errorIn ?? ''}`,
    misses === undefined ? '' : `${misses} of ${asked ?? '?'} missed`,
  ])
  const verdicts = gates.map(({ gate, value, target, ok }) => [
    ok ? 'ok' : Number.isNaN(value) ? 'ABSENT' : 'MISSED',
    `${value}x`,
    `of ${significant(target, 3)}x`,
    gate,
  ])
  return [...aligned(rows), '', ...aligned(verdicts)].join('\n')
}

export function significant(value: number, digits: number): number {
  return Number(value.toPrecision(digits))
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function machine(): Record<string, string | number> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load1min: significant(loadavg()[0] ?? 0, 2),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    v8: process.versions.v8,
  }
}

function commit(): string | null {
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+')
  } catch {
    return null
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}
