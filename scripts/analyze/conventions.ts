/** The convention part of `analyze`: one snapshot as published conventions state it, and its table for a person. */
import type { Engine } from '#quant/analytics/engine'
import { translateAll, type TranslatedMetric, type Translation } from '#quant/conventions/translate'
import { rootSpec } from '#quant/contracts/rootMaster'

export function conventionsAnswer(engine: Engine, root: string): Translation[] {
  return translateAll(engine, rootSpec(root).currency)
}

const WIDTHS = { id: 29, net: 12, unit: 38, flip: 10, crossings: 10, walls: 14 }

/** A line for each convention, then who documents it and what to mind. */
export function conventionsReport(translations: readonly Translation[]): string {
  const header = [
    'convention'.padEnd(WIDTHS.id),
    'net gamma'.padStart(WIDTHS.net),
    `  ${'unit'.padEnd(WIDTHS.unit)}`,
    'flip'.padStart(WIDTHS.flip),
    'crossings'.padStart(WIDTHS.crossings + 1),
    'call/put wall'.padStart(WIDTHS.walls + 1),
  ].join('')
  return [header, ...translations.map(line), '', ...translations.flatMap(note)].join('\n')
}

function line({ id, metrics }: Translation): string {
  const { netGex, flip, callWall, putWall } = metrics
  return [
    id.padEnd(WIDTHS.id),
    scaled(netGex).padStart(WIDTHS.net),
    `  ${netGex.unit.padEnd(WIDTHS.unit)}`,
    (flip.value?.toFixed(1) ?? flip.status).padStart(WIDTHS.flip),
    String(flip.all.length).padStart(WIDTHS.crossings + 1),
    `${callWall.value ?? '–'}/${putWall.value ?? '–'}`.padStart(WIDTHS.walls + 1),
  ].join('')
}

function note({ id, title, source, formula, caveats }: Translation): string[] {
  return [`${id}: ${title} (${source}). ${formula}.`, ...caveats.map((caveat) => `  - ${caveat}`)]
}

function scaled({ value }: TranslatedMetric): string {
  if (value === null) return '–'
  const size = Math.abs(value)
  const [scale, suffix] =
    size >= 1e9 ? [1e9, 'bn'] : size >= 1e6 ? [1e6, 'm'] : size >= 1e3 ? [1e3, 'k'] : [1, '']
  return `${(value / scale).toFixed(3)}${suffix}`
}
