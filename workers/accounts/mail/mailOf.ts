/** Which way letters go. */
import type { Env } from '#durable-objects/env'
import { unavailable } from '../../middleware/errors/AppError.ts'
import { consoleMail } from './consoleMail.ts'
import { endpointMail } from './endpointMail.ts'
import type { MailPort } from './mailPort.ts'

const OWN_MACHINE = ['localhost', '127.0.0.1', '[::1]']

/** Codes are printed on one's own machine and nowhere else: a log is read by others than the one who asked. */
export function mailOf({ MAIL_URL, MAIL_TOKEN = '' }: Env, requestUrl: string): MailPort {
  if (MAIL_URL) return endpointMail(MAIL_URL, MAIL_TOKEN)
  if (OWN_MACHINE.includes(new URL(requestUrl).hostname)) return consoleMail
  throw unavailable('no letters can be sent from here: signing in by e-mail is not set up')
}
