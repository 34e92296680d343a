/** Market time: New York for dollar markets, India for rupee markets, named so that nobody has to guess. */
export interface MarketZone {
  readonly zone: string
  readonly label: string
}

export function marketZone(currency: string): MarketZone {
  return currency === 'INR'
    ? { zone: 'Asia/Kolkata', label: 'IST' }
    : { zone: 'America/New_York', label: 'ET' }
}

const cache = new Map<string, Intl.DateTimeFormat>()

function format(ms: number, zone: string, options: Intl.DateTimeFormatOptions): string {
  const key = zone + JSON.stringify(options)
  const known = cache.get(key) ?? new Intl.DateTimeFormat('en-US', { ...options, timeZone: zone })
  cache.set(key, known)
  return known.format(ms)
}

/** `14:30:00` */
export function clock(ms: number, { zone }: MarketZone): string {
  return format(ms, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' })
}

/** `14:30` */
export function shortClock(ms: number, { zone }: MarketZone): string {
  return format(ms, zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
}

/** `Nov 20, 2026` */
export function date(ms: number, { zone }: MarketZone): string {
  return format(ms, zone, { year: 'numeric', month: 'short', day: 'numeric' })
}

/** Dates of settlements; where two fall on one, `Dec 18, 2026 AM` and `… PM`. */
export function settlementNames(expiriesMs: readonly number[], zone: MarketZone): string[] {
  const dates = expiriesMs.map((ms) => date(ms, zone))
  return dates.map((name, i) => {
    if (dates.indexOf(name) === dates.lastIndexOf(name)) return name
    return `${name} ${shortClock(expiriesMs[i] as number, zone) < '12:00' ? 'AM' : 'PM'}`
  })
}

/** `0 s`, `59 s`, `3 min`, `5 h`, `12 d`: the largest whole unit. */
export function age(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`
  return `${Math.floor(seconds / 86_400)} d`
}
