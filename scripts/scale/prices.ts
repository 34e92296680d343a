/**
 * What the platform charges beyond its monthly allowance, in USD, as its price pages listed them in 2026. Allowances are left
 * out: they are small beside a full market, and per account rather than per symbol.
 */
export const PRICES = {
  /** Workers: requests, and CPU per millisecond. */
  workerRequest: 0.3e-6,
  workerCpuMs: 0.02e-6,
  /** Durable Objects: HTTP, RPC and alarms each count as one; twenty messages received on a socket count as one. */
  objectRequest: 0.15e-6,
  socketMessagesPerRequest: 20,
  /** At a flat 128 MB while in memory and not able to hibernate. */
  objectGbSecond: 12.5e-6,
  rowWritten: 1e-6,
  /** Containers: per vCPU second and GiB second while running. */
  containerVcpuSecond: 0.00002,
  containerGibSecond: 0.0000025,
} as const

export const OBJECT_GB = 0.128
/** A regular session. */
export const SESSION_SECONDS = 6.5 * 3_600
