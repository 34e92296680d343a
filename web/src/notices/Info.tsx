/** The "i" beside a number: what it means, its formula, its sign convention. A native popover: Esc and a tap outside close it. */
import { createUniqueId, Show } from 'solid-js'
import { SIGN_CONVENTION, type GlossaryEntry } from '../levels/glossary.ts'

export function Info(props: { readonly entry: GlossaryEntry; readonly signed?: boolean }) {
  const id = createUniqueId()
  return (
    <>
      <button type="button" class="info" popovertarget={id} aria-label={`What is ${props.entry.label}?`}>
        i
      </button>
      <div id={id} popover class="popover explanation">
        <strong>{props.entry.label}</strong>
        <p>{props.entry.meaning}</p>
        <p class="formula">{props.entry.formula}</p>
        <Show when={props.signed ?? true}>
          <p class="note">{SIGN_CONVENTION}</p>
        </Show>
      </div>
    </>
  )
}
