/**
 * Open windows of one account. The one itty-durable object (docs/adr/0007): small JSON, driven only by requests, no
 * sockets, no alarms: a lease ends by the time the next request brings. Reach it through `windowsClient.ts` alone: any
 * GET on it can call any method, so a user's request must never be forwarded to it.
 */
import { createDurable } from 'itty-durable'
import type { WindowRequest } from '#schemas/rest/windows'
import {
  closeWindow,
  liveWindows,
  openWindow,
  renewWindow,
  type Decision,
  type OpenAnswer,
  type WindowLease,
} from './leases.ts'

// Not `autoPersist`: it would rewrite the state on reads too.
export class WindowLeases extends createDurable({ autoPersist: false }) {
  leases: readonly WindowLease[] = []

  open(request: WindowRequest & { id: string }, limit: number, nowMs: number): Promise<OpenAnswer> {
    return this.keep(openWindow(this.leases, request, limit, nowMs))
  }

  renew(id: string, nowMs: number): Promise<WindowLease | null> {
    return this.keep(renewWindow(this.leases, id, nowMs))
  }

  close(id: string, nowMs: number): Promise<boolean> {
    return this.keep(closeWindow(this.leases, id, nowMs))
  }

  list(nowMs: number): readonly WindowLease[] {
    return liveWindows(this.leases, nowMs)
  }

  /** Nothing stays, not even an empty list. */
  async erase(): Promise<boolean> {
    this.leases = []
    await this.destroy()
    return true
  }

  /** Believed at once, so that the next request decides upon it; answered when it is stored. */
  async keep<Answer>({ leases, answer }: Decision<Answer>): Promise<Answer> {
    this.leases = leases
    await this.persist()
    return answer
  }
}
