/** Leases of open windows, counted over all tabs and devices of an account. A failure is thrown as an `ApiProblem`. */
import * as v from 'valibot'
import {
  WindowAnswerSchema,
  WindowListSchema,
  type WindowAnswer,
  type WindowList,
  type WindowRequest,
} from '#schemas/rest/windows'
import type { ReadOptions } from './reads.ts'
import { request, type RequestOptions } from './request.ts'

export interface OpenWindowOptions {
  /** 16 to 128 characters. Asked again with the same key after a lost answer, the same place is given. */
  readonly idempotencyKey?: string
}

export interface CloseWindowOptions {
  /** For a page that goes away: the request outlives it. */
  readonly keepalive?: boolean
}

export interface Windows {
  windows(): Promise<WindowList>
  /** A place for a minute. Without room: `window_limit`, with `openWindows`. */
  openWindow(window: WindowRequest, options?: OpenWindowOptions): Promise<WindowAnswer>
  /** For another minute. One that has ended: `unknown_window`. */
  renewWindow(id: string): Promise<WindowAnswer>
  closeWindow(id: string, options?: CloseWindowOptions): Promise<null>
}

export function createWindows({ baseUrl, getToken, transport }: ReadOptions): Windows {
  const call = <T extends v.GenericSchema>(path: string, schema: T, options: RequestOptions) =>
    request(transport, `${baseUrl}/v1/windows${path}`, schema, { getToken, ...options })
  const segment = (id: string) => `/${encodeURIComponent(id)}`
  return {
    windows: () => call('', WindowListSchema, {}),
    openWindow: (window, options = {}) =>
      call('', WindowAnswerSchema, { method: 'POST', body: window, ...options }),
    renewWindow: (id) => call(segment(id), WindowAnswerSchema, { method: 'PUT' }),
    closeWindow: (id, options = {}) => call(segment(id), v.null(), { method: 'DELETE', ...options }),
  }
}
