/** Prose of the document as HTML: paragraphs and `code`, escaped. */
import { html } from 'hono/html'

export type Html = ReturnType<typeof html>

export function prose(text: string | undefined): Html[] {
  if (!text) return []
  return text.split(/\n{2,}/).map((paragraph) => html`<p>${inline(paragraph)}</p>`)
}

/** Odd parts stood between backticks. */
export function inline(text: string): Html[] {
  return text.split('`').map((part, i) => (i % 2 === 1 ? html`<code>${part}</code>` : html`${part}`))
}
