/** How much of a quota is left, as the account's object tells it and the RateLimit headers repeat it. */
export const QUOTA_WINDOWS = { minute: 60, day: 86_400 } as const
export type QuotaWindow = keyof typeof QUOTA_WINDOWS

export interface WindowStanding {
  readonly limit: number
  readonly remaining: number
  readonly resetsAtMs: number
}
export type Standing = Readonly<Record<QuotaWindow, WindowStanding>>
