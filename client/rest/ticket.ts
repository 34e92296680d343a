import { SocketTicketSchema } from '#schemas/claims'
import type { ReadOptions } from './reads.ts'
import { request } from './request.ts'

/** Good for one socket within a minute. `renew`: the token that earned the last one has ended. Throws an `ApiProblem`. */
export async function askTicket(
  { baseUrl, getToken, transport }: ReadOptions,
  renew: boolean,
): Promise<string> {
  const answer = await request(transport, `${baseUrl}/v1/ws-ticket`, SocketTicketSchema, {
    method: 'POST',
    getToken: (options) => getToken({ renew: renew || options?.renew === true }),
  })
  return answer.ticket
}
