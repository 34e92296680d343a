import { SocketTicketSchema, type SocketTicket } from '#schemas/claims'
import type { ReadOptions } from './reads.ts'
import { request, type GetToken } from './request.ts'

export interface Tickets {
  /** For the next socket of a page of yours, which it opens with it in place of your key: good once, within a minute. */
  ticket(): Promise<SocketTicket>
}

export function createTickets({ baseUrl, getToken, transport }: ReadOptions): Tickets {
  return {
    ticket: () =>
      request(transport, `${baseUrl}/v1/ws-ticket`, SocketTicketSchema, { method: 'POST', getToken }),
  }
}

/** Good for one socket within a minute. `renew`: the token that earned the last one has ended. Throws an `ApiProblem`. */
export async function askTicket({ getToken, ...options }: ReadOptions, renew: boolean): Promise<string> {
  const renewing: GetToken = (given) => getToken({ renew: renew || given?.renew === true })
  return (await createTickets({ ...options, getToken: renewing }).ticket()).ticket
}
