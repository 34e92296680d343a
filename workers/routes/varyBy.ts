/** What an answer depends on besides its address: who asks, by either header that may say so, and `others`. */
export function varyBy(others: readonly string[] = []): string {
  return ['Authorization', 'X-API-Key', ...others].join(', ')
}
