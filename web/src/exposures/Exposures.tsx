/** The panels fed by `/v1/exposure`: asked again every 15 s while they can be seen. */
import { createMemo, createSignal, Match, Show, Switch, type JSX } from 'solid-js'
import type { Client } from '#client/createClient'
import type { ApiProblem } from '#client/rest/apiProblem'
import type { GammaFrame } from '#schemas/frame/gamma'
import type { Exposure } from '#schemas/rest/models'
import { clock, marketZone } from '../format/time.ts'
import type { GlossaryEntry } from '../levels/glossary.ts'
import { createOnScreen } from '../desk/createOnScreen.ts'
import { createPolled } from '../desk/createPolled.ts'
import { Info } from '../notices/Info.tsx'
import { UpgradeCard } from '../notices/UpgradeCard.tsx'
import { OTHER_EXPOSURES_ENTRY, SIGN_MODELS_ENTRY } from './glossary.ts'
import { OtherExposures } from './OtherExposures.tsx'
import { SignModels } from './SignModels.tsx'

export interface ExposuresProps {
  readonly client: Client
  readonly frame: GammaFrame
  readonly upgrade: ApiProblem | null
}

export function Exposures(props: ExposuresProps) {
  const [host, setHost] = createSignal<Element>()
  const isOnScreen = createOnScreen(host)
  const symbol = createMemo(() => props.frame.symbol)
  // A refusal is known from the desk's own reads; asking again would be refused again.
  const { answer: exposure, problem } = createPolled(
    (chosen) => props.client.exposure(chosen),
    symbol,
    () => isOnScreen() && props.upgrade === null,
  )
  const shared = () => ({
    exposure: exposure(),
    waiting: problem()?.problem.title ?? 'Waiting for the first answer …',
    upgrade: props.upgrade,
  })
  return (
    <div class="exposures" ref={setHost}>
      <Panel
        {...shared()}
        id="sign-models"
        entry={SIGN_MODELS_ENTRY}
        unit="per 1 % move"
        refused="Comparing assumptions"
      >
        {(answer) => <SignModels exposure={answer()} />}
      </Panel>
      <Panel
        {...shared()}
        id="other-exposures"
        entry={OTHER_EXPOSURES_ENTRY}
        unit="net, model M1"
        refused="Every other exposure"
      >
        {(answer) => <OtherExposures exposure={answer()} />}
      </Panel>
    </div>
  )
}

function Panel(props: {
  readonly id: string
  readonly entry: GlossaryEntry
  readonly unit: string
  /** What the tier does not include, before "needs the … tier". */
  readonly refused: string
  readonly exposure: Exposure | null
  readonly waiting: string
  readonly upgrade: ApiProblem | null
  readonly children: (exposure: () => Exposure) => JSX.Element
}) {
  return (
    <section class="panel" id={props.id} aria-labelledby={`${props.id}-title`}>
      <header class="panel-header">
        <div class="panel-title">
          <h2 id={`${props.id}-title`}>{props.entry.label}</h2>
          <Info entry={props.entry} />
          <small>
            {props.exposure === null ? '' : `${props.exposure.meta.currency} `}
            {props.unit}
          </small>
        </div>
        <Show when={props.exposure}>{(exposure) => <small>as of {asOf(exposure())}</small>}</Show>
      </header>
      <div class="exposure-body">
        <Switch fallback={<p class="panel-empty">{props.waiting}</p>}>
          <Match when={props.upgrade}>
            {(refusal) => <UpgradeCard problem={refusal()} what={props.refused} brief />}
          </Match>
          <Match when={props.exposure}>{(exposure) => props.children(exposure)}</Match>
        </Switch>
      </div>
    </section>
  )
}

function asOf({ meta }: Exposure): string {
  const zone = marketZone(meta.currency)
  return meta.asOf === null ? '—' : `${clock(Date.parse(meta.asOf), zone)} ${zone.label}`
}
