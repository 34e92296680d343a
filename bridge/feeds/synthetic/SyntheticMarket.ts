import { EXCHANGE_CALENDARS, type CalendarId } from '#quant/calendar/exchangeCalendars'
import type { IsoDate } from '#quant/calendar/isoDate'
import { previousSession, sessionDateAt } from '#quant/calendar/sessions'
import { zonedDate } from '#quant/calendar/timeZone'
import { rootSpec } from '#quant/contracts/rootMaster'
import type { OpenInterestTick, SessionVolumeTick, Tick, UnderlyingTick } from '#schemas/tick'
import { activityAt } from './activity.ts'
import { listExpiries } from './expiries.ts'
import { openInterestOf } from './openInterest.ts'
import { PrintFlow } from './PrintFlow.ts'
import type { MarketProfile } from './profiles.ts'
import { QuoteBoard, type MarketMoment } from './QuoteBoard.ts'
import { hash32, Random } from './Random.ts'
import { contractCount, contractsOf, definitionsOf, listSeries, type Series } from './series.ts'
import { SpotProcess } from './SpotProcess.ts'

const STEPS_BETWEEN_PRINT_MAPS = 256
/** Share of a day's volume that opens positions. */
const OPENING_SHARE = 0.35

/**
 * One invented market, advanced step by step. Everything follows from profile, seed, start and the steps taken, so a
 * market advanced silently to step n stands exactly where the one that streamed its way there stands.
 */
export class SyntheticMarket {
  readonly #profile: MarketProfile
  readonly #calendar: CalendarId
  readonly #seed: number
  readonly #spot: SpotProcess
  readonly #board: QuoteBoard
  readonly #flow: PrintFlow
  #nowMs: number
  #step = 0
  #today: IsoDate
  #sessionDate: IsoDate | null
  #series: Series[] = []
  #nextId = 1
  #openInterest: number[] = []
  #volume: { contracts: number; lastPrintMs: number }[] = []

  constructor(profile: MarketProfile, seed: number, startMs: number) {
    this.#profile = profile
    this.#calendar = rootSpec(profile.expiryRules[0]?.root ?? profile.symbol).calendar
    this.#seed = hash32(seed, new Random(seed, profile.symbol).integer(2 ** 31))
    this.#spot = new SpotProcess(profile, new Random(seed, `${profile.symbol} spot`))
    this.#board = new QuoteBoard(profile)
    this.#flow = new PrintFlow(profile, new Random(seed, `${profile.symbol} prints`))
    this.#nowMs = startMs
    this.#today = this.#dateNow()
    this.#sessionDate = sessionDateAt(this.#calendar, startMs)
    this.#listNewSeries()
    this.#flow.follow(this.#series, this.#spot.spot, startMs)
  }

  /** Steps taken so far. */
  get step(): number {
    return this.#step
  }

  get nowMs(): number {
    return this.#nowMs
  }

  get contracts(): number {
    return this.#series.reduce((count, series) => count + contractCount(series), 0)
  }

  /** Where the market stands, complete: definitions, open interest, volume, underlying, quotes. */
  snapshot(): Tick[] {
    const ids = this.#series.flatMap((series) => [...contractsOf(series)].map(({ contractId }) => contractId))
    return [
      ...this.#series.flatMap(definitionsOf),
      ...this.#openInterestTicks(this.#series),
      ...ids.flatMap((contractId) => this.#sessionVolume(contractId)),
      this.#underlying(),
      ...ids.flatMap((contractId) => this.#board.quote(contractId) ?? []),
    ]
  }

  /** One step on; returns what changed. */
  advance(elapsedMs: number): Tick[] {
    const minuteBefore = Math.floor(this.#nowMs / 60_000)
    this.#nowMs += elapsedMs
    this.#step++
    const activity = activityAt(this.#calendar, this.#nowMs)
    this.#spot.advance(elapsedMs, activity)
    const rolled = Math.floor(this.#nowMs / 60_000) === minuteBefore ? [] : this.#turnMinute()
    const moment = this.#moment()
    if (this.#step % STEPS_BETWEEN_PRINT_MAPS === 0)
      this.#flow.follow(this.#series, moment.spot, moment.nowMs)
    const quotes = this.#series.flatMap((series) => this.#board.requote(series, moment, false))
    const trades = this.#flow.prints(this.#board, moment, elapsedMs, activity)
    for (const { contractId, size, eventMs } of trades) {
      const contracts = (this.#volume[contractId]?.contracts ?? 0) + size
      this.#volume[contractId] = { contracts, lastPrintMs: eventMs }
    }
    return [...rolled, this.#underlying(), ...quotes, ...trades]
  }

  /** Drops what has settled; on a new date lists new expiries and publishes the new open interest. */
  #turnMinute(): Tick[] {
    this.#series = this.#series.filter(({ expiry }) => expiry.expiryMs > this.#nowMs)
    const sessionDate = sessionDateAt(this.#calendar, this.#nowMs)
    if (sessionDate !== this.#sessionDate) {
      this.#volume.forEach(({ contracts }, contractId) => {
        const opened = Math.round(OPENING_SHARE * contracts)
        this.#openInterest[contractId] = (this.#openInterest[contractId] ?? 0) + opened
      })
      this.#volume = []
      this.#sessionDate = sessionDate
    }
    const today = this.#dateNow()
    if (today === this.#today) return []
    this.#today = today
    const listed = this.#listNewSeries()
    this.#flow.follow(this.#series, this.#spot.spot, this.#nowMs)
    const quoted = listed.flatMap((series) => [...contractsOf(series)])
    return [
      ...listed.flatMap(definitionsOf),
      ...this.#openInterestTicks(this.#series),
      ...quoted.flatMap(({ contractId }) => this.#board.quote(contractId) ?? []),
    ]
  }

  #listNewSeries(): Series[] {
    const known = new Set(this.#series.map(({ expiry }) => `${expiry.root} ${expiry.expiryDate}`))
    const { expiryRules } = this.#profile
    const [spot, nowMs, listed] = [this.#spot.spot, this.#nowMs, [] as Series[]]
    for (const expiry of listExpiries(expiryRules, this.#today, nowMs)) {
      if (known.has(`${expiry.root} ${expiry.expiryDate}`)) continue
      const series = listSeries(this.#profile, expiry, spot, { date: this.#today, ms: nowMs }, this.#nextId)
      this.#nextId += contractCount(series)
      listed.push(series)
      const noise = hash32(this.#seed, expiry.expiryMs / 60_000)
      for (const { contractId, strike, right } of contractsOf(series)) {
        const contract = { strike, right, expiryMs: expiry.expiryMs, monthly: expiry.monthly }
        this.#openInterest[contractId] = openInterestOf(this.#profile, spot, contract, nowMs, noise)
      }
      this.#board.requote(series, this.#moment(), true)
    }
    this.#series = [...this.#series, ...listed].sort((a, b) => a.expiry.expiryMs - b.expiry.expiryMs)
    return listed
  }

  #openInterestTicks(series: readonly Series[]): OpenInterestTick[] {
    const tradeDate = previousSession(this.#calendar, this.#today)?.date ?? this.#today
    return series.flatMap((one) =>
      [...contractsOf(one)].map(({ contractId }) => ({
        kind: 'openInterest',
        contractId,
        openInterest: this.#openInterest[contractId] ?? 0,
        tradeDate,
      })),
    )
  }

  /** The total so far, as of its last print: what a receiver that saw every print holds. */
  #sessionVolume(contractId: number): SessionVolumeTick[] {
    const volume = this.#volume[contractId]
    if (!volume) return []
    return [{ kind: 'sessionVolume', contractId, volume: volume.contracts, eventMs: volume.lastPrintMs }]
  }

  #underlying(): UnderlyingTick {
    const price = Math.round(this.#spot.spot * 100) / 100
    const half = this.#profile.underlyingHalfSpread
    const beside = (offset: number) => Math.round((price + offset) * 100) / 100
    return {
      kind: 'underlying',
      price,
      bid: half === null ? null : beside(-half),
      ask: half === null ? null : beside(half),
      eventMs: this.#nowMs,
    }
  }

  #moment(): MarketMoment {
    return { spot: this.#spot.spot, variance: this.#spot.variance, nowMs: this.#nowMs, step: this.#step }
  }

  #dateNow(): IsoDate {
    return zonedDate(EXCHANGE_CALENDARS[this.#calendar].timeZone, this.#nowMs)
  }
}
