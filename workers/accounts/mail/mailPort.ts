/** Letters out of the Worker. */
export interface Letter {
  readonly to: string
  readonly subject: string
  readonly text: string
}

export interface MailPort {
  /** Rejects when the letter was not taken. No error repeats the letter: it may hold a code. */
  send(letter: Letter): Promise<void>
}
