/** Prints letters instead of sending them: for one's own machine, where the reader of the console is the one who asked. */
import type { MailPort } from './mailPort.ts'

export const consoleMail: MailPort = {
  async send(letter) {
    console.warn(JSON.stringify({ level: 'warn', message: 'letter', ...letter }))
  },
}
