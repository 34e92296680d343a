/** The five numbers people look for first, and the picture in a sentence. */
import { For, Show, type JSX } from 'solid-js'
import type { GammaFrame } from '#schemas/frame/gamma'
import { fullMoney, strikePrice, signedCompactMoney, signedPercent, movingPrice } from '../format/numbers.ts'
import { Info } from '../notices/Info.tsx'
import { Missing } from '../notices/Missing.tsx'
import { Figure } from './Figure.tsx'
import { GLOSSARY, type GlossaryKey } from './glossary.ts'
import { reading } from './reading.ts'

const LEVELS = [
  { field: 'nearestFlip', tone: 'flip', format: movingPrice },
  { field: 'callWall', tone: 'call', format: strikePrice },
  { field: 'putWall', tone: 'put', format: strikePrice },
  { field: 'magnetStrike', tone: 'magnet', format: strikePrice },
] as const

export function Headline(props: { readonly frame: GammaFrame; readonly name: string }) {
  const money = (value: number) => signedCompactMoney(value, props.frame.currency)
  const sign = () => ((props.frame.netGex ?? 0) < 0 ? 'put' : 'call')
  return (
    <section class="headline" aria-label="Summary">
      <div class="headline-spot">
        <h1>
          {props.frame.symbol} <small>{props.name}</small>
        </h1>
        <p class="spot-price">
          <Show
            when={props.frame.spotPrice !== null}
            fallback={<Missing reason={props.frame.reasons.spotPrice} />}
          >
            {movingPrice(props.frame.spotPrice ?? 0)}
          </Show>
        </p>
        <p class="reading">{reading(props.frame)}</p>
      </div>
      <dl class="cards">
        <Card field="netGex" tone={sign()} note="per 1 % move">
          <Figure
            frame={props.frame}
            field="netGex"
            format={money}
            full={(value) => fullMoney(value, props.frame.currency)}
          />
        </Card>
        <For each={LEVELS}>
          {({ field, tone, format }) => (
            <Card field={field} tone={tone} note={distanceFromSpot(props.frame, field)}>
              <Figure frame={props.frame} field={field} format={format} />
            </Card>
          )}
        </For>
      </dl>
    </section>
  )
}

function Card(props: {
  readonly field: GlossaryKey
  readonly tone: string
  readonly note: string
  readonly children: JSX.Element
}) {
  return (
    <div class="card" data-tone={props.tone}>
      <dt>
        {GLOSSARY[props.field].label} <Info entry={GLOSSARY[props.field]} />
      </dt>
      <dd class="card-value">{props.children}</dd>
      <dd class="card-note">{props.note}</dd>
    </div>
  )
}

/** `+0.42 % from spot`; a blank keeps the row's height. */
export function distanceFromSpot(frame: GammaFrame, field: GlossaryKey): string {
  const value = frame[field]
  if (value === null || frame.spotPrice === null) return '\u00a0'
  return `${signedPercent(value / frame.spotPrice - 1)} from spot`
}
