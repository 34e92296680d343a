/** Choose a symbol by mouse, touch or keyboard: type to filter, arrows to move, Enter to take, Esc to leave. */
import { createMemo, createSignal, For, Show } from 'solid-js'
import type { SymbolList } from '../desk/createDesk.ts'
import { matchingSymbols } from './matchingSymbols.ts'

export interface SymbolPickerProps {
  readonly symbols: SymbolList
  readonly chosen: string | null
  readonly onChoose: (symbol: string) => void
  /** Symbols may have appeared since the list was read. */
  readonly onOpen: () => void
}

export function SymbolPicker(props: SymbolPickerProps) {
  const [popover, setPopover] = createSignal<HTMLDivElement>()
  const [text, setText] = createSignal('')
  const [active, setActive] = createSignal(0)
  const matches = createMemo(() => matchingSymbols(props.symbols, text()))
  const chosenName = () => props.symbols.find(({ symbol }) => symbol === props.chosen)?.name ?? ''

  // Before it shows: `toggle` comes later, when a fast typist's first letters are already in.
  const opening = (event: ToggleEvent) => {
    if (event.newState !== 'open') return
    setText('')
    const chosenAt = matches().findIndex(({ symbol }) => symbol === props.chosen)
    setActive(Math.max(0, chosenAt))
    props.onOpen()
  }
  const take = (symbol: string | undefined) => {
    if (symbol === undefined) return
    popover()?.hidePopover()
    props.onChoose(symbol)
  }
  const move = (by: number) => {
    const length = matches().length
    if (length > 0) setActive((active() + by + length) % length)
    document.getElementById(optionId(active()))?.scrollIntoView({ block: 'nearest' })
  }
  const keyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter') take(matches()[active()]?.symbol)
    else return
    event.preventDefault()
  }

  return (
    <div class="picker">
      <button
        type="button"
        class="picker-button"
        popovertarget="symbols"
        aria-label={`Symbol ${props.chosen ?? ''}, change`}
      >
        <b>{props.chosen ?? '…'}</b>
        <span class="picker-name">{chosenName()}</span>
        <span aria-hidden="true" class="picker-arrow">
          ▾
        </span>
      </button>
      <div id="symbols" popover class="popover picker-list" ref={setPopover} onBeforeToggle={opening}>
        <input
          // Takes the focus as the popover opens.
          autofocus
          type="text"
          class="picker-search"
          placeholder="Symbol or name"
          role="combobox"
          aria-label="Search symbols"
          aria-expanded="true"
          aria-controls="symbol-options"
          aria-activedescendant={matches().length > 0 ? optionId(active()) : undefined}
          autocomplete="off"
          spellcheck={false}
          value={text()}
          onInput={(event) => {
            setText(event.currentTarget.value)
            setActive(0)
          }}
          onKeyDown={keyDown}
        />
        <div id="symbol-options" role="listbox" aria-label="Symbols">
          <For each={matches()}>
            {(entry, i) => (
              <div
                id={optionId(i())}
                role="option"
                class="picker-option"
                aria-selected={entry.symbol === props.chosen}
                classList={{ active: i() === active() }}
                onPointerMove={() => setActive(i())}
                onClick={() => take(entry.symbol)}
              >
                <b>{entry.symbol}</b>
                <span>{entry.name}</span>
                <small>{entry.feed}</small>
              </div>
            )}
          </For>
        </div>
        <Show when={matches().length === 0}>
          <p class="picker-none">No symbol matches.</p>
        </Show>
      </div>
    </div>
  )
}

function optionId(index: number): string {
  return `symbol-option-${index}`
}
