/** What the account card asks of the service. Every failure is an `ApiProblem`. */
import * as v from 'valibot'
import { request, type GetToken, type RequestOptions, type Transport } from '#client/rest/request'
import {
  AccountAnswerSchema,
  CodeSentSchema,
  SessionListSchema,
  SessionTokenSchema,
} from '#schemas/rest/accounts'
import {
  CreationOptionsSchema,
  PasskeyAnswerSchema,
  PasskeyListSchema,
  RequestOptionsSchema,
} from '#schemas/rest/passkeys'
import { makePasskey, showPasskey } from './passkey.ts'
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
    /** False when the person thought better of it. */
    signInByPasskey: async (): Promise<boolean> => {
      const options = await ask('/v1/auth/passkey/options', RequestOptionsSchema, { method: 'POST' })
      const credential = await showPasskey(options)
      if (credential === null) return false
      const shown = { method: 'POST', body: { credential }, getToken: guest } as const
      session.begin(await ask('/v1/auth/passkey/verify', SessionTokenSchema, shown))
      return true
    },
    passkeys: async () => (await own('/v1/account/passkeys', PasskeyListSchema)).data,
    addPasskey: async (name: string) => {
      const credential = await makePasskey(
        await own('/v1/account/passkey-options', CreationOptionsSchema, 'POST'),
      )
      if (credential === null) return
      const made = { method: 'POST', body: { name, credential }, getToken: session.getToken } as const
      await ask('/v1/account/passkeys', PasskeyAnswerSchema, made)
    },
    removePasskey: (id: string) => own(`/v1/account/passkeys/${encodeURIComponent(id)}`, v.null(), 'DELETE'),
    account: async () => (await own('/v1/account', AccountAnswerSchema)).data,
    sessions: async () => (await own('/v1/account/sessions', SessionListSchema)).data,
    endSession: async (id: string) => {
      await own(`/v1/account/sessions/${encodeURIComponent(id)}`, v.null(), 'DELETE')
      // With the session the access tokens of all have ended, this tab's too.
      await session.getToken({ renew: true })
    },
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
