import { Show, type JSX } from 'solid-js'
import type { Desk } from '../desk/createDesk.ts'
import type { Theme } from '../session/theme.ts'
import { ConnectionBadge } from './ConnectionBadge.tsx'
import { dataAge } from './dataAge.ts'
import { FeedBadge } from './FeedBadge.tsx'
import { Logo } from './Logo.tsx'
import { SymbolPicker } from './SymbolPicker.tsx'

export interface TopBarProps {
  readonly desk: Desk
  readonly nowMs: number
  readonly theme: Theme
  readonly onToggleTheme: () => void
  readonly account: JSX.Element
}

export function TopBar(props: TopBarProps) {
  const { desk } = props
  const otherTheme = () => (props.theme === 'dark' ? 'light' : 'dark')
  return (
    <header class="top-bar">
      <a class="brand" href="/" aria-label="Flipwire, start page">
        <Logo />
        <span class="brand-name">Flipwire</span>
      </a>
      <SymbolPicker
        symbols={desk.symbols() ?? []}
        chosen={desk.symbol()}
        onChoose={desk.choose}
        onOpen={desk.refreshSymbols}
      />
      <div class="badges">
        <Show when={desk.frame()}>
          {(frame) => {
            const age = () => dataAge(frame(), props.nowMs, desk.frameEveryMs())
            return (
              <>
                <FeedBadge feed={frame().feed} source={frame().source} />
                <span class="badge age" data-tone={age().tone}>
                  <span class="age-label">as of</span> {age().text}
                  <Show when={age().tone !== 'calm'}>
                    <span aria-hidden="true"> ⚠</span>
                  </Show>
                </span>
              </>
            )
          }}
        </Show>
        <Show when={desk.symbol() !== null}>
          <ConnectionBadge
            state={desk.connection()}
            caughtUp={desk.caughtUp()}
            nowMs={props.nowMs}
            onRetry={desk.retry}
          />
        </Show>
      </div>
      <button
        type="button"
        class="icon-button"
        aria-label={`Use the ${otherTheme()} theme`}
        title={`Use the ${otherTheme()} theme`}
        onClick={() => props.onToggleTheme()}
      >
        {props.theme === 'dark' ? '☀' : '☾'}
      </button>
      {props.account}
    </header>
  )
}
