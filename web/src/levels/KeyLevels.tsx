/** Every level and total with its unit, distance and explanation. */
import { For, Show, type JSX } from 'solid-js'
import type { GammaFrame } from '#schemas/frame/gamma'
import {
  compactMoney,
  count,
  fullMoney,
  movingPrice,
  percent,
  strikePrice,
  ratio,
  signedCompactMoney,
  signedPercent,
  signedPoints,
} from '../format/numbers.ts'
import { date, marketZone } from '../format/time.ts'
import { Info } from '../notices/Info.tsx'
import { Missing } from '../notices/Missing.tsx'
import { Figure } from './Figure.tsx'
import { FLIP_STATUS_TEXT } from './flipStatus.ts'
import { GLOSSARY, type GlossaryKey } from './glossary.ts'

const WALLS = ['callWall', 'putWall', 'absGammaStrike'] as const
const NET_TOTALS = ['netGex', 'netGexFinite', 'aboveSpotGex', 'belowSpotGex'] as const
const SIDE_TOTALS = ['totalCallGex', 'totalPutGex'] as const

export function KeyLevels(props: { readonly frame: GammaFrame }) {
  const currency = () => props.frame.currency
  const full = (value: number) => fullMoney(value, currency())
  const fromSpot = (value: number | null) =>
    value === null || props.frame.spotPrice === null ? '' : signedPercent(value / props.frame.spotPrice - 1)
  const frontExpiry = () => {
    const { frontExpiryMs } = props.frame
    return frontExpiryMs === null ? '' : date(frontExpiryMs, marketZone(currency()))
  }
  const magnetDistance = () => {
    const { distanceToMagnet } = props.frame
    return distanceToMagnet === null ? '' : `${signedPoints(distanceToMagnet)} pts`
  }
  return (
    <div class="levels">
      <Group title="Levels" unit="points · from spot">
        <Row
          field="nearestFlip"
          note={fromSpot(props.frame.nearestFlip)}
          sub={FLIP_STATUS_TEXT[props.frame.flipStatus]}
        >
          <Figure frame={props.frame} field="nearestFlip" format={movingPrice} />
        </Row>
        <For each={props.frame.flips.slice(1)}>
          {(flip, i) => (
            <div class="level-row">
              <dt>Flip {i() + 2}</dt>
              <dd>{movingPrice(flip.price)}</dd>
              <dd class="level-note">{fromSpot(flip.price)}</dd>
            </div>
          )}
        </For>
        <For each={WALLS}>
          {(field) => (
            <Row field={field} note={fromSpot(props.frame[field])}>
              <Figure frame={props.frame} field={field} format={strikePrice} />
            </Row>
          )}
        </For>
        <Row field="magnetStrike" note={magnetDistance()}>
          <Figure frame={props.frame} field="magnetStrike" format={strikePrice} />
        </Row>
        <Row field="maxPain" note={fromSpot(props.frame.maxPain)} sub={frontExpiry()}>
          <Figure frame={props.frame} field="maxPain" format={strikePrice} />
        </Row>
      </Group>
      <Group title="Exposure" unit={`${currency()} per 1 % move`}>
        <For each={NET_TOTALS}>
          {(field) => (
            <Row field={field}>
              <Figure
                frame={props.frame}
                field={field}
                format={(value) => signedCompactMoney(value, currency())}
                full={full}
              />
            </Row>
          )}
        </For>
        <For each={SIDE_TOTALS}>
          {(field) => (
            <Row field={field}>
              <Figure
                frame={props.frame}
                field={field}
                format={(value) => compactMoney(value, currency())}
                full={full}
              />
            </Row>
          )}
        </For>
      </Group>
      <Group title="Ratios" unit="puts per call">
        <Row field="pcrOi">
          <Figure frame={props.frame} field="pcrOi" format={ratio} />
        </Row>
        <Row field="pcrVolume">
          <Figure frame={props.frame} field="pcrVolume" format={ratio} />
        </Row>
      </Group>
      <Quality frame={props.frame} />
    </div>
  )
}

function Group(props: { readonly title: string; readonly unit: string; readonly children: JSX.Element }) {
  return (
    <section class="level-group">
      <h3>
        {props.title} <small>{props.unit}</small>
      </h3>
      <dl>{props.children}</dl>
    </section>
  )
}

function Row(props: {
  readonly field: GlossaryKey
  readonly note?: string
  readonly sub?: string
  readonly children: JSX.Element
}) {
  return (
    <div class="level-row">
      <dt>
        {GLOSSARY[props.field].label}
        <Show when={props.sub}>
          <small class="level-sub">{props.sub}</small>
        </Show>
        <Info
          entry={GLOSSARY[props.field]}
          signed={!props.field.startsWith('pcr') && props.field !== 'maxPain'}
        />
      </dt>
      <dd>{props.children}</dd>
      <Show when={props.note !== undefined}>
        <dd class="level-note">{props.note}</dd>
      </Show>
    </div>
  )
}

function Quality(props: { readonly frame: GammaFrame }) {
  const quality = () => props.frame.quality
  return (
    <section class="level-group quality">
      <h3>
        Inputs <small>what this is computed from</small>
      </h3>
      <p>
        {count(quality().priced)} of {count(quality().contracts)} contracts priced ·{' '}
        <Show
          when={quality().openInterestCoverage !== null}
          fallback={
            <Missing reason={props.frame.reasons.openInterestCoverage ?? 'no open interest is known'} />
          }
        >
          {percent(quality().openInterestCoverage ?? 0)}
        </Show>{' '}
        of open interest · model {props.frame.model} · {props.frame.method}
      </p>
      <p class="flags">
        <For each={quality().flags}>{(flag) => <span class="flag">{flag.replaceAll('_', ' ')}</span>}</For>
      </p>
    </section>
  )
}
