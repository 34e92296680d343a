/** What adds up to the figure: the largest amounts, the rest in one, the total. Each amount opens to its own inputs. */
import { For, Show } from 'solid-js'
import { count, exactNumber } from '../format/numbers.ts'
import {
  contributionName,
  contributionsIntroduction,
  fieldName,
  inputText,
  type Explained,
} from './explanationText.ts'

type ContributionList = NonNullable<Explained['contributions']>

export function Contributions(props: { readonly of: ContributionList }) {
  return (
    <section class="contributions">
      <h3>
        Contributions <small>{props.of.unit}</small>
      </h3>
      <p>{contributionsIntroduction(props.of)}</p>
      <table>
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Amount</th>
          </tr>
        </thead>
        <tbody>
          <For each={props.of.items}>
            {(item) => (
              <tr>
                <th scope="row">
                  <Name item={item} />
                </th>
                <td>{exactNumber(item.amount)}</td>
              </tr>
            )}
          </For>
          <Show when={props.of.rest}>
            {(rest) => (
              <tr>
                <th scope="row">The rest, {count(rest().count)} more</th>
                <td>{exactNumber(rest().amount)}</td>
              </tr>
            )}
          </Show>
        </tbody>
        <Show when={props.of.total !== null}>
          <tfoot>
            <tr>
              <th scope="row">Total</th>
              <td>{exactNumber(props.of.total ?? 0)}</td>
            </tr>
          </tfoot>
        </Show>
      </table>
    </section>
  )
}

function Name(props: { readonly item: ContributionList['items'][number] }) {
  const inputs = () => Object.entries(props.item.inputs)
  return (
    <Show when={inputs().length > 0} fallback={contributionName(props.item.name)}>
      <details>
        <summary>{contributionName(props.item.name)}</summary>
        <dl class="contribution-inputs">
          <For each={inputs()}>
            {([name, value]) => (
              <div>
                <dt>{fieldName(name)}</dt>
                <dd>{inputText(value)}</dd>
              </div>
            )}
          </For>
        </dl>
      </details>
    </Show>
  )
}
