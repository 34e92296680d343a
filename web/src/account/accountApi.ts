/** What the account card asks of the service. Every failure is an `ApiProblem`. */
import * as v from 'valibot'
import { request, type GetToken, type RequestOptions, type Transport } from '#client/rest/request'
import {
  AccountAnswerSchema,
  CodeSentSchema,
  SessionListSchema,
  SessionTokenSchema,
} from '#schemas/rest/accounts'
import type { BrowserSession } from './session.ts'

export interface AccountApiParts {
  readonly baseUrl: string
  readonly transport: Transport
  readonly session: BrowserSession
  /** Of the guest whose windows the account takes over. */
  readonly guest: GetToken
}

export type AccountApi = ReturnType<typeof createAccountApi>

export function createAccountApi({ baseUrl, transport, session, guest }: AccountApiParts) {
  const ask = <T extends v.GenericSchema>(path: string, schema: T, options: RequestOptions = {}) =>
    request(transport, `${baseUrl}${path}`, schema, options)
  const own = <T extends v.GenericSchema>(
    path: string,
    schema: T,
    method: RequestOptions['method'] = 'GET',
  ) => ask(path, schema, { method: method ?? 'GET', getToken: session.getToken })

  return {
    sendCode: (email: string) => ask('/v1/auth/email', CodeSentSchema, { method: 'POST', body: { email } }),
    signInByCode: async (email: string, code: string) => {
      const options = { method: 'POST', body: { email, code }, getToken: guest } as const
      session.begin(await ask('/v1/auth/email/verify', SessionTokenSchema, options))
    },
    account: async () => (await own('/v1/account', AccountAnswerSchema)).data,
    sessions: async () => (await own('/v1/account/sessions', SessionListSchema)).data,
    endSession: (id: string) => own(`/v1/account/sessions/${encodeURIComponent(id)}`, v.null(), 'DELETE'),
    /** As it came: newer fields are the account's, too. */
    everything: () => own('/v1/account/export', v.object({ data: v.unknown() })),
    signOut: async () => {
      await ask('/v1/auth/logout', v.null(), { method: 'POST' })
      session.end()
    },
    erase: async () => {
      await own('/v1/account', v.null(), 'DELETE')
      session.end()
    },
  }
}
