/** A chart's numbers as a table, for those who cannot or would rather not read the picture. */
import { For } from 'solid-js'

export interface TableData {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export function DataTable(props: { readonly data: TableData }) {
  return (
    <div class="table-scroll" tabindex="0" role="region" aria-label={props.data.caption}>
      <table>
        <caption class="visually-hidden">{props.data.caption}</caption>
        <thead>
          <tr>
            <For each={props.data.columns}>{(column) => <th scope="col">{column}</th>}</For>
          </tr>
        </thead>
        <tbody>
          <For each={props.data.rows}>
            {(row) => (
              <tr>
                <For each={row}>{(cell) => <td>{cell}</td>}</For>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </div>
  )
}
