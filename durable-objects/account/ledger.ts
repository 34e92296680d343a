/**
 * The metered calls of one account, in its object's SQLite.
 *
 *   calls  every call of the last two minutes under its id: what makes a repeat free and the minute's quota survive
 *   daily  sums by day, route and key: what is billed
 *   added  the number of the last call that `daily` holds; what came after is added once a minute and before it is read
 *
 * Every method is synchronous: a call is durable before its answer leaves. It is one row then, because what a commit costs
 * is its pages, and a sum written with it would be another page each time.
 */
import type { Charge, ChargeAnswer, ChargeLine, DailyLine, DailyQuery } from './contract.ts'
import { dayOf } from './days.ts'
import {
  addUnits,
  DAY_MS,
  dayWithin,
  decideUse,
  MINUTE_MS,
  NO_USE,
  standingOf,
  type QuotaLimits,
  type QuotaUse,
} from './quota.ts'
import { isRepeat, REPEAT_WITHIN_MS, type EarlierCall, type RepeatTally } from './repeat.ts'
import type { Standing } from '#schemas/quota'
import type { SqlHost } from './sqlHost.ts'

/** Long enough for repeats and for the minute in progress. */
const RECENT_KEPT_MS = Math.max(REPEAT_WITHIN_MS, MINUTE_MS) + MINUTE_MS
const ADD_TO_SUM =
  'ON CONFLICT (day, route, keyId) DO UPDATE SET calls = calls + excluded.calls, units = units + excluded.units'

export class Ledger {
  readonly #host: SqlHost
  #use: QuotaUse
  #trimmedMs = 0
  /** The number of the last call. */
  #number: number
  /** Keys of calls that `daily` does not hold yet. */
  readonly #keysToAdd = new Set<string>()
  #tally: RepeatTally = { calls: 0, repeats: 0 }

  constructor(host: SqlHost, nowMs: number) {
    this.#host = host
    host.sql.exec(`CREATE TABLE IF NOT EXISTS calls (
      id TEXT NOT NULL, address TEXT NOT NULL, atMs INTEGER NOT NULL, units INTEGER NOT NULL,
      repeats INTEGER NOT NULL DEFAULT 0, number INTEGER, day TEXT, route TEXT, keyId TEXT, calls INTEGER,
      PRIMARY KEY (id, address)) WITHOUT ROWID`)
    host.sql.exec(`CREATE TABLE IF NOT EXISTS daily (
      day TEXT NOT NULL, route TEXT NOT NULL, keyId TEXT NOT NULL, calls INTEGER NOT NULL, units INTEGER NOT NULL,
      PRIMARY KEY (day, route, keyId)) WITHOUT ROWID`)
    host.sql.exec('CREATE TABLE IF NOT EXISTS added (one INTEGER PRIMARY KEY, number INTEGER NOT NULL)')
    host.sql.exec('INSERT OR IGNORE INTO added VALUES (1, 0)')
    this.#takeOver()
    const { added, number } = this.#numbers()
    this.#number = number
    if (added < number) this.#add()
    this.#use = this.#readUse(nowMs)
  }

  charge(charge: Charge, limits: QuotaLimits, nowMs: number): ChargeAnswer {
    if (this.#countRepeat(charge, nowMs))
      return this.#seenByKey(charge, { ok: true, units: 0, standing: this.#standing(limits, nowMs) })
    const units = unitsOf(charge)
    const verdict = decideUse(this.#use, units, limits, nowMs)
    if (!verdict.ok) return this.#seenByKey(charge, verdict)
    const { keyUnitsPerDay = Infinity } = charge
    if (
      keyUnitsPerDay < Infinity &&
      this.#unitsOfKey(charge, verdict.use.dayStartMs) + units > keyUnitsPerDay
    ) {
      const standing = this.#standing(limits, nowMs)
      return this.#seenByKey(charge, { ok: false, exhausted: 'day', standing })
    }
    this.#book(charge, units, nowMs, verdict.use)
    return this.#seenByKey(charge, { ok: true, units, standing: verdict.standing })
  }

  record(charge: Charge, limits: QuotaLimits, nowMs: number): Standing {
    if (!this.#countRepeat(charge, nowMs)) {
      const units = unitsOf(charge)
      this.#book(charge, units, nowMs, addUnits(this.#use, units, nowMs))
    }
    return this.#standing(limits, nowMs)
  }

  readDaily({ from, to, limit, before }: DailyQuery): DailyLine[] {
    if (this.#keysToAdd.size > 0) this.#add()
    const { day, route, keyId } = before ?? { day: '9999-99-99', route: '', keyId: '' }
    const rows = this.#host.sql.exec<Record<keyof DailyLine, SqlStorageValue>>(
      `SELECT day, route, keyId, calls, units FROM daily
       WHERE day BETWEEN ?1 AND ?2 AND (day < ?3 OR (day = ?3 AND (route, keyId) > (?4, ?5)))
       ORDER BY day DESC, route, keyId LIMIT ?6`,
      from,
      to,
      day,
      route,
      keyId,
      limit,
    )
    return Array.from(rows, (row) => ({
      day: String(row.day),
      route: String(row.route),
      keyId: String(row.keyId),
      calls: Number(row.calls),
      units: Number(row.units),
    }))
  }

  /** Forgets days before `day`; true when nothing is left. */
  forgetBefore(day: string, nowMs: number): boolean {
    this.#trim(nowMs)
    this.#host.sql.exec('DELETE FROM daily WHERE day < ?', day)
    const { left } = this.#host.sql
      .exec<{ left: number }>('SELECT EXISTS (SELECT 1 FROM daily) OR EXISTS (SELECT 1 FROM calls) AS left')
      .one()
    return left === 0
  }

  #standing(limits: QuotaLimits, nowMs: number): Standing {
    return standingOf(addUnits(this.#use, 0, nowMs), limits)
  }

  #seenByKey(charge: Charge, answer: ChargeAnswer): ChargeAnswer {
    const { keyUnitsPerDay } = charge
    if (keyUnitsPerDay === undefined) return answer
    const { day } = answer.standing
    const used = this.#unitsOfKey(charge, day.resetsAtMs - DAY_MS)
    return { ...answer, keyDay: dayWithin(day, keyUnitsPerDay, used) }
  }

  #unitsOfKey({ lines: [line] }: Charge, dayStartMs: number): number {
    if (this.#keysToAdd.has(line?.keyId ?? '')) this.#add()
    const sum = this.#host.sql.exec<{ units: number }>(
      'SELECT COALESCE(SUM(units), 0) AS units FROM daily WHERE day = ? AND keyId = ?',
      dayOf(dayStartMs),
      line?.keyId ?? '',
    )
    return sum.one().units
  }

  #countRepeat({ id, address }: Charge, nowMs: number): boolean {
    const earlier = this.#readCall(id, address)
    if (earlier === undefined) return false
    if (isRepeat(earlier, this.#tally, nowMs)) {
      this.#host.sql.exec('UPDATE calls SET repeats = repeats + 1 WHERE id = ? AND address = ?', id, address)
      this.#tally = { ...this.#tally, repeats: this.#tally.repeats + 1 }
      return true
    }
    // Paid again, so it is another call: the first keeps its place in the minute's sum under a name of its own.
    this.#host.sql.exec(
      'UPDATE calls SET id = ? WHERE id = ? AND address = ?',
      `${id}#${crypto.randomUUID()}`,
      id,
      address,
    )
    return false
  }

  #readCall(id: string, address: string): EarlierCall | undefined {
    const rows = this.#host.sql.exec<{ atMs: number; repeats: number }>(
      'SELECT atMs, repeats FROM calls WHERE id = ? AND address = ?',
      id,
      address,
    )
    return rows.toArray()[0]
  }

  #book(charge: Charge, units: number, nowMs: number, use: QuotaUse): void {
    const day = dayOf(use.dayStartMs)
    // Within the window it was counted in, also when the clock was set back.
    const atMs = Math.max(nowMs, use.minuteStartMs)
    if (nowMs - this.#trimmedMs >= MINUTE_MS) this.#trim(nowMs)
    const [line] = charge.lines
    // A key with a quota of its own has its sum read with every call.
    if (line !== undefined && charge.lines.length === 1 && charge.keyUnitsPerDay === undefined)
      this.#bookLine(charge, line, day, atMs)
    else this.#bookSummed(charge, units, day, atMs)
    this.#use = use
    this.#tally = { ...this.#tally, calls: this.#tally.calls + 1 }
  }

  #bookLine(
    { id, address }: Charge,
    { route, keyId, calls, units }: ChargeLine,
    day: string,
    atMs: number,
  ): void {
    this.#host.sql.exec(
      'INSERT INTO calls (id, address, atMs, units, number, day, route, keyId, calls) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      id,
      address,
      atMs,
      units,
      this.#number + 1,
      day,
      route,
      keyId,
      calls,
    )
    this.#number++
    this.#keysToAdd.add(keyId)
  }

  #bookSummed({ id, address, lines }: Charge, units: number, day: string, atMs: number): void {
    const { sql } = this.#host
    this.#host.transactionSync(() => {
      sql.exec('INSERT INTO calls (id, address, atMs, units) VALUES (?, ?, ?, ?)', id, address, atMs, units)
      for (const line of lines) {
        sql.exec(
          `INSERT INTO daily (day, route, keyId, calls, units) VALUES (?, ?, ?, ?, ?) ${ADD_TO_SUM}`,
          day,
          line.route,
          line.keyId,
          line.calls,
          line.units,
        )
      }
    })
  }

  /** What came since to the sums. */
  #add(): void {
    const { sql } = this.#host
    this.#host.transactionSync(() => {
      sql.exec(`INSERT INTO daily (day, route, keyId, calls, units)
        SELECT day, route, keyId, SUM(calls), SUM(units) FROM calls
        WHERE number > (SELECT number FROM added) GROUP BY day, route, keyId ${ADD_TO_SUM}`)
      sql.exec('UPDATE added SET number = ?', this.#number)
    })
    this.#keysToAdd.clear()
  }

  #trim(nowMs: number): void {
    if (this.#keysToAdd.size > 0) this.#add()
    this.#host.sql.exec('DELETE FROM calls WHERE atMs < ?', nowMs - RECENT_KEPT_MS)
    this.#trimmedMs = nowMs
  }

  /** Of the last call in the sums, and of the last call. */
  #numbers(): { readonly added: number; readonly number: number } {
    const rows = this.#host.sql.exec<{ added: number; number: number }>(
      'SELECT number AS added, MAX(number, COALESCE((SELECT MAX(number) FROM calls), 0)) AS number FROM added',
    )
    return rows.one()
  }

  /** Calls of a version that wrote each sum with its call. */
  #takeOver(): void {
    const { sql } = this.#host
    if (sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'recent'").toArray().length === 0) return
    this.#host.transactionSync(() => {
      sql.exec(
        'INSERT INTO calls (id, address, atMs, units, repeats) SELECT id, address, atMs, units, repeats FROM recent',
      )
      sql.exec('DROP TABLE recent')
    })
  }

  /** After an eviction: the windows in progress, from what is stored. */
  #readUse(nowMs: number): QuotaUse {
    const { sql } = this.#host
    const { minuteStartMs, dayStartMs } = addUnits(NO_USE, 0, nowMs)
    const minute = sql.exec<{ units: number }>(
      'SELECT COALESCE(SUM(units), 0) AS units FROM calls WHERE atMs >= ?',
      minuteStartMs,
    )
    const day = sql.exec<{ units: number }>(
      'SELECT COALESCE(SUM(units), 0) AS units FROM daily WHERE day = ?',
      dayOf(dayStartMs),
    )
    return { minuteStartMs, minuteUnits: minute.one().units, dayStartMs, dayUnits: day.one().units }
  }
}

function unitsOf({ lines }: Charge): number {
  return lines.reduce((sum, line) => sum + line.units, 0)
}
