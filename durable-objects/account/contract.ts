/** What the Worker may ask of an account's object. */
import type { QuotaWindow, Standing, WindowStanding } from '#schemas/quota'
import type { KeyVerdict } from './idempotency.ts'
import type { QuotaLimits } from './quota.ts'
import type { Revocations } from './revocation.ts'

/** Calls of one route with one key (`''`: with a token). */
export interface ChargeLine {
  readonly route: string
  readonly keyId: string
  readonly calls: number
  readonly units: number
}

export interface Charge {
  /** Names the call; asking again with the same one is free. */
  readonly id: string
  /** What was asked for, so that one id does not pay for two things. */
  readonly address: string
  readonly lines: readonly ChargeLine[]
  /** What the key of its one line may use of a day. */
  readonly keyUnitsPerDay?: number
}

/** `keyDay`: what is left of the day for the key, where it has a quota of its own. */
export type ChargeAnswer = { readonly standing: Standing; readonly keyDay?: WindowStanding } & (
  { readonly ok: true; readonly units: number } | { readonly ok: false; readonly exhausted: QuotaWindow }
)

export interface DailyLine extends ChargeLine {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string
}

/** Newest day first, then by route and key; `before` is the last line of the page before. */
export interface DailyQuery {
  readonly from: string
  readonly to: string
  readonly limit: number
  readonly before?: Pick<DailyLine, 'day' | 'route' | 'keyId'>
}

/** An object that has sockets of the account. */
export interface Place {
  readonly kind: 'relay' | 'symbol'
  readonly name: string
}

/** What an account asks of such an object. */
export interface SocketPlaceApi {
  endRevoked(account: string, revocations: Revocations): Promise<void>
}

export interface AccountApi {
  /** Takes the units, or refuses when they do not fit. What it has answered is stored. */
  charge(charge: Charge, limits: QuotaLimits): Promise<ChargeAnswer>
  /** Books what was served already, room or not. */
  record(charge: Charge, limits: QuotaLimits): Promise<Standing>
  readDaily(query: DailyQuery): Promise<DailyLine[]>
  /** `print` is what the request asks for; `keyHash` stands for its Idempotency-Key. */
  beginAnswer(keyHash: string, print: string): Promise<KeyVerdict>
  /** Null when it came to nothing and the key may be used again. */
  finishAnswer(keyHash: string, answer: string | null): Promise<void>
  /** True the first time; kept until `endsMs`, from when on the ticket is too old anyway. */
  burnTicket(id: string, endsMs: number): Promise<boolean>
  /** Ends one token, API key or session, or all tokens (null). Sockets hear of it; their ends are not waited for. */
  revoke(id: string | null, nowMs: number): Promise<Revocations>
  readRevocations(): Promise<Revocations>
  /** The same, and from then on the place is told of others. */
  watchRevocations(place: Place, untilMs: number): Promise<Revocations>
  /** Now, and again when no token of the account can bring anything more. */
  erase(): Promise<void>
}
