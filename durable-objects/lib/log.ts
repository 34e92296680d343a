/** One JSON line per event, so that logs can be searched by field. Never pass a URL or a header: they carry tokens. */
export function logError(event: string, fields: Readonly<Record<string, unknown>>, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error)
  console.error(JSON.stringify({ level: 'error', event, ...fields, message }))
}
