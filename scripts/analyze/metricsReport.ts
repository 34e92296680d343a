/** The metrics of `--all`, and one explained, for a person to read. */
import type { AllMetrics, PrintedExplanation, PrintedMetric } from './allMetrics.ts'

const WIDTHS = { name: 30, value: 24, contribution: 34 }
const LONGEST_VALUE = 200

/** A line for each metric under its window or family; long lists are counted, `--json` has them. */
export function metricsReport(metrics: AllMetrics): string {
  const families = Object.entries(metrics).map(([family, readings]) =>
    [family, ...Object.entries(readings).map(([name, reading]) => line(name, reading))].join('\n'),
  )
  return `${families.join('\n\n')}\n`
}

function line(name: string, { value, unit, quality, flags, band, reason }: PrintedMetric): string {
  if (reason !== null) return `  ${name.padEnd(WIDTHS.name)} –  ${reason}`
  const range = band === null ? '' : `  [${figure(band.low)} … ${figure(band.high)}]`
  const doubts = flags.length === 0 ? '' : `  ${flags.join(' ')}`
  return `  ${name.padEnd(WIDTHS.name)} ${brief(value).padStart(WIDTHS.value)}  ${unit}${range}  q${quality}${doubts}`
}

export function explanationReport(explained: PrintedExplanation): string {
  const { id, title, value, unit, reason, meaning, formula, source, method, model, quality, flags, asOf } =
    explained
  const { inputs, contributions, rejected, notes } = explained.evidence
  const items = contributions?.items ?? []
  const rest = contributions?.rest ?? null
  return [
    `${title} (${id})`,
    reason === null ? `${brief(value)} ${unit}` : `no value: ${reason}`,
    meaning,
    `formula   ${formula}`,
    `source    ${source}`,
    `method    ${method}${model === null ? '' : `, sign model ${model}`}`,
    `as of     ${asOf}, quality ${quality}${flags.length === 0 ? '' : `, ${flags.join(' ')}`}`,
    ...inputs.map((input) => `input     ${input.name} ${input.value ?? 'unknown'} ${input.unit}`),
    ...(contributions === null
      ? []
      : ['', `${contributions.kind === 'sum' ? 'adds up from' : contributions.kind}, ${contributions.unit}`]),
    ...items.map(({ name, amount }) => contribution(name, amount)),
    ...(rest === null || rest.count === 0 ? [] : [contribution(`${rest.count} others`, rest.amount)]),
    ...(contributions?.kind === 'sum' ? [contribution('total', contributions.total ?? Number.NaN)] : []),
    '',
    ...rejected.map(({ reason: why, count }) => `left out  ${count}: ${why}`),
    ...notes.map((note) => `note      ${note}`),
    '',
  ].join('\n')
}

function contribution(name: string, amount: number): string {
  return `  ${name.padEnd(WIDTHS.contribution)} ${figure(amount).padStart(WIDTHS.value)}`
}

/** A value in one line: lists by their length, everything else in full up to a limit. */
function brief(value: unknown): string {
  if (typeof value === 'number') return figure(value)
  const text = JSON.stringify(value, (_, part: unknown) =>
    Array.isArray(part) && part.length > 3 ? `${part.length} entries` : shortened(part),
  )
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text
}

function shortened(part: unknown): unknown {
  return typeof part === 'number' ? Number(part.toPrecision(6)) : part
}

function figure(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 6 })
}
