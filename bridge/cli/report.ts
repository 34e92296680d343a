import type { PipelineLog } from '../pipeline/PipelineMonitor.ts'
import type { SymbolStatus } from '../pipeline/symbolStatus.ts'

/** Where lines go; stderr in the program. */
export type Write = (line: string) => void

export interface Report {
  event(symbol: string | null, entry: PipelineLog): void
  status(statuses: readonly SymbolStatus[]): void
}

export function createReport(format: 'text' | 'json', write: Write, now: () => number): Report {
  const stamp = () => new Date(now()).toISOString()
  if (format === 'json') {
    return {
      event: (symbol, entry) => write(JSON.stringify({ time: stamp(), symbol, ...entry })),
      status: (statuses) =>
        write(JSON.stringify({ time: stamp(), level: 'info', event: 'status', symbols: statuses })),
    }
  }
  return {
    event: (symbol, { level, event, detail }) =>
      write(`${stamp()} ${level.toUpperCase()} ${symbol ?? 'bridge'} ${event}: ${detail}`),
    status: (statuses) => write(`${stamp()} ${statuses.map(statusText).join(' | ')}`),
  }
}

function statusText(status: SymbolStatus): string {
  const { epoch, sequence } = status.position
  const parts = [
    `${status.symbol} ${status.phase}`,
    `in ${status.ticksReceived}`,
    `out ${status.ticksJournaled}`,
    `conflated ${status.ticksSuperseded}`,
    `queue ${status.batchesUnacknowledged}`,
    `at ${epoch}/${sequence}`,
  ]
  if (status.feedFailure)
    parts.push(`feed failed ${status.feedFailure.inARow}x: ${status.feedFailure.detail}`)
  if (status.lastFailure) parts.push(`retrying after ${status.lastFailure}`)
  return parts.join(' ')
}
