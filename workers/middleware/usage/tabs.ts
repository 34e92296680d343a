/**
 * What this isolate has served to each account and not yet told its object, and what the object last said. Forgets the
 * accounts it has heard of longest ago; what is unsent is never forgotten.
 */
import type { ChargeLine } from '#durable-objects/account/contract'
import type { QuotaLimits } from '#durable-objects/account/quota'
import type { Standing } from '#schemas/quota'
import { currentStanding } from './standing.ts'

const MAX_TABS = 10_000

interface Tab {
  told: Standing | null
  readonly unsent: Map<string, ChargeLine>
  /** Units that `told` does not hold yet. */
  untoldUnits: number
  isSending: boolean
}

export class Tabs {
  readonly #tabs = new Map<string, Tab>()

  standing(subject: string, limits: QuotaLimits, nowMs: number): Standing {
    const tab = this.#tabs.get(subject)
    return currentStanding(tab?.told ?? null, tab?.untoldUnits ?? 0, limits, nowMs)
  }

  /** The object's word on all that was charged to it. */
  told(subject: string, standing: Standing): void {
    this.#open(subject).told = standing
  }

  /** True when nothing is being sent, so that the caller has to see to it. */
  serve(subject: string, line: ChargeLine): boolean {
    const tab = this.#open(subject)
    const name = `${line.route} ${line.keyId}`
    const held = tab.unsent.get(name)
    tab.unsent.set(name, {
      ...line,
      calls: line.calls + (held?.calls ?? 0),
      units: line.units + (held?.units ?? 0),
    })
    tab.untoldUnits += line.units
    if (tab.isSending) return false
    tab.isSending = true
    return true
  }

  /** What there is to send; the next call served starts a new sum. */
  take(subject: string): readonly ChargeLine[] {
    const tab = this.#open(subject)
    const lines = [...tab.unsent.values()]
    tab.unsent.clear()
    tab.isSending = false
    return lines
  }

  /** `lines` have reached the object (`standing` is its word), or are given up. */
  settle(subject: string, lines: readonly ChargeLine[], standing: Standing | null): void {
    const tab = this.#open(subject)
    tab.untoldUnits -= lines.reduce((sum, line) => sum + line.units, 0)
    if (standing !== null) tab.told = standing
  }

  #open(subject: string): Tab {
    const held = this.#tabs.get(subject)
    const tab = held ?? { told: null, unsent: new Map(), untoldUnits: 0, isSending: false }
    // Last in the order of the map: heard of just now.
    this.#tabs.delete(subject)
    this.#tabs.set(subject, tab)
    if (this.#tabs.size > MAX_TABS) this.#forgetOne()
    return tab
  }

  #forgetOne(): void {
    for (const [subject, tab] of this.#tabs) {
      if (tab.untoldUnits > 0 || tab.isSending) continue
      this.#tabs.delete(subject)
      return
    }
  }
}
