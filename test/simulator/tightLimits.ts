/** The stream's limits, so small that a run of seconds meets all of them. For `vi.mock` of the protocol. */
export function tighten(protocol: object): object {
  return {
    ...protocol,
    CREDIT: { frames: 8, bytes: 20_000 },
    ACK_EVERY: { frames: 3, ms: 2_000 },
    RESUME: { ms: 15_000, frames: 10 },
  }
}
