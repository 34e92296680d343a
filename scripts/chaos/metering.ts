/**
 * Billed is served: metered calls of partners through a Worker that is killed with SIGKILL, with calls asked twice at
 * once, and clients that give up waiting. Every call is one logical call under one `X-Request-Id`, repeated until it is
 * answered; at the end the ledgers of all accounts must hold each of them once.
 */
import { Random } from '#bridge/feeds/synthetic/Random'
import { DailyUsageSchema } from '#schemas/rest/models'
import * as v from 'valibot'
import { fillMarket } from '../rig/fillMarket.ts'
import { startWorkerd, type WorkerdServer } from '../rig/workerdServer.ts'

export interface MeteringPlan {
  readonly calls: number
  readonly kills: number
  readonly seed: number
}

export interface MeteringReport extends MeteringPlan {
  readonly served: number
  readonly booked: number
  /** Asked twice at once, given up on, and asked again after a failure. */
  readonly doubled: number
  readonly timedOut: number
  readonly repeated: number
  /** Accounts whose ledger is not what they were served. */
  readonly mismatches: readonly string[]
  readonly seconds: number
  readonly isClean: boolean
}

const SYMBOL = 'SPX'
/** So many that none meets its quota of the minute. */
const ACCOUNTS = 25
const IN_FLIGHT = 48
const SHARE_DOUBLED = 0.02
const SHARE_TIMED_OUT = 0.02
/** About as long as an answer takes: some are given up on before it is booked, some after. */
const MAX_TIMEOUT_MS = 20
/** The first and the three that are free. */
const MAX_ATTEMPTS = 4
const PATIENCE_MS = 20_000

export async function runMetering(plan: MeteringPlan, start = startWorkerd): Promise<MeteringReport> {
  const startedMs = performance.now()
  const server = await start()
  try {
    await fillMarket(server, SYMBOL)
    const callers = new Callers(server, plan)
    await callers.run()
    const booked = await callers.booked()
    const mismatches = callers.served.flatMap((served, account) =>
      served === booked[account]
        ? []
        : [`${accountName(account)}: served ${served}, booked ${booked[account]}`],
    )
    const total = callers.served.reduce((sum, served) => sum + served, 0)
    return {
      ...plan,
      ...callers.faults,
      served: total,
      booked: booked.reduce((sum, units) => sum + units, 0),
      mismatches,
      seconds: Math.round((performance.now() - startedMs) / 1000),
      isClean: mismatches.length === 0 && total === plan.calls,
    }
  } finally {
    await server.remove()
  }
}

class Callers {
  readonly served: number[] = Array.from({ length: ACCOUNTS }, () => 0)
  readonly faults = { doubled: 0, timedOut: 0, repeated: 0 }
  readonly #server: WorkerdServer
  readonly #plan: MeteringPlan
  readonly #random: Random
  #begun = 0
  #isUp = Promise.resolve()

  constructor(server: WorkerdServer, plan: MeteringPlan) {
    this.#server = server
    this.#plan = plan
    this.#random = new Random(plan.seed, 'metering')
  }

  async run(): Promise<void> {
    await Promise.all(Array.from({ length: IN_FLIGHT }, () => this.#callOn()))
  }

  /** Units in each account's ledger. */
  async booked(): Promise<number[]> {
    return Promise.all(
      this.served.map(async (_, account) => {
        const response = await fetch(`${this.#server.url}/v1/usage/daily?limit=1000`, {
          headers: await this.#headers(account),
        })
        const { data } = v.parse(DailyUsageSchema, await response.json())
        return data.reduce((sum, { units }) => sum + units, 0)
      }),
    )
  }

  async #callOn(): Promise<void> {
    const { calls, kills } = this.#plan
    const killEvery = Math.ceil(calls / (kills + 1))
    while (this.#begun < calls) {
      const call = this.#begun++
      if (call > 0 && call % killEvery === 0) this.#isUp = this.#killAndRestart()
      const account = call % ACCOUNTS
      if (await this.#call(account, `${this.#plan.seed}-${call}`))
        this.served[account] = (this.served[account] ?? 0) + 1
    }
  }

  /** True once it is answered. */
  async #call(account: number, id: string): Promise<boolean> {
    const fate = this.#random.uniform()
    let attempts = 1
    if (fate < SHARE_DOUBLED) {
      attempts = 2
      this.faults.doubled++
      const answers = await Promise.all([this.#ask(account, id), this.#ask(account, id)])
      if (answers.includes(true)) return true
    } else if (fate < SHARE_DOUBLED + SHARE_TIMED_OUT) {
      const timeoutMs = 1 + MAX_TIMEOUT_MS * this.#random.uniform()
      if (await this.#ask(account, id, timeoutMs)) return true
      this.faults.timedOut++
    } else if (await this.#ask(account, id)) return true
    for (; attempts < MAX_ATTEMPTS; attempts++) {
      this.faults.repeated++
      await this.#isUp
      if (await this.#ask(account, id)) return true
    }
    return false
  }

  async #ask(account: number, id: string, timeoutMs = PATIENCE_MS): Promise<boolean> {
    try {
      const response = await fetch(`${this.#server.url}/v1/levels/${SYMBOL}`, {
        headers: { ...(await this.#headers(account)), 'X-Request-Id': id },
        signal: AbortSignal.timeout(Math.ceil(timeoutMs)),
      })
      await response.arrayBuffer()
      return response.ok
    } catch {
      return false
    }
  }

  async #killAndRestart(): Promise<void> {
    await this.#isUp
    await this.#server.kill()
    await this.#server.start()
  }

  async #headers(account: number): Promise<Record<string, string>> {
    return { authorization: `Bearer ${await this.#token(account)}` }
  }

  /** One per account; a run is shorter than a token's life. */
  readonly #tokens = new Map<number, Promise<string>>()
  #token(account: number): Promise<string> {
    const held = this.#tokens.get(account) ?? this.#server.token('partner', accountName(account))
    this.#tokens.set(account, held)
    return held
  }
}

function accountName(account: number): string {
  return `account-${account}`
}
