/** A choice of one among few. Radio buttons underneath, so arrows move and screen readers know. */
import { For } from 'solid-js'

export interface SegmentedProps<T> {
  readonly name: string
  readonly label: string
  readonly options: readonly { readonly value: T; readonly text: string }[]
  readonly value: T
  readonly onChange: (value: T) => void
}

export function Segmented<T>(props: SegmentedProps<T>) {
  return (
    <fieldset class="segmented">
      <legend class="visually-hidden">{props.label}</legend>
      <For each={props.options}>
        {(option) => (
          <label>
            <input
              type="radio"
              name={props.name}
              checked={option.value === props.value}
              onChange={() => props.onChange(option.value)}
            />
            <span>{option.text}</span>
          </label>
        )}
      </For>
    </fieldset>
  )
}
