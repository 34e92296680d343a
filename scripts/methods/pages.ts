/** The pages of `docs/methods`, from the registry alone: one for each metric and an index. */
import { format, resolveConfig } from 'prettier'
import { familyOf, nameOf } from '#quant/metrics/evaluate'
import { FAMILIES, FAMILY_IDS } from '#quant/metrics/familyIds'
import type { Metric } from '#quant/metrics/metric'
import { METRICS } from '#quant/metrics/registry'
import { methodsSample, shapeOf, type Shape } from './sampleShapes.ts'

/** Text by path below `docs/methods`, formatted as the repository is. */
export async function methodPages(): Promise<ReadonlyMap<string, string>> {
  const view = methodsSample()
  const texts = METRICS.map((metric) => [pathOf(metric), page(metric, shapeOf(metric, view))] as const)
  const options = { ...(await resolveConfig(import.meta.filename)), parser: 'markdown' }
  const formatted = [['README.md', index()] as const, ...texts].map(
    async ([path, text]) => [path, await format(text, options)] as const,
  )
  return new Map(await Promise.all(formatted))
}

function pathOf(metric: Metric): string {
  return `${familyOf(metric)}/${nameOf(metric)}.md`
}

function page(metric: Metric, { value, contributions }: Shape): string {
  const { id, title, unit, method, usesSignModel, meaning, formula, source } = metric
  const facts = [
    ['Formula', `\`${formula}\``],
    ['Unit', unit],
    ['Method', `\`${method}\``],
    [
      'Sign model',
      usesSignModel ? 'decides the value; M1 unless another is chosen' : 'none, or those the formula names',
    ],
    ['Source', source],
    ...(value === null ? [] : [['Value', `\`${value}\``]]),
    ['Evidence', EVIDENCE[contributions ?? 'none']],
  ]
  return [
    `# ${title}`,
    `\`${id}\` in [${FAMILIES[familyOf(metric)]}](../README.md)`,
    meaning,
    facts.map(([name, text]) => `- **${name}:** ${text}`).join('\n'),
    'When there is no value it is null and `reason` says why. Quality, flags and bands: [metrics](../../design/metrics.md).',
  ].join('\n\n')
}

const EVIDENCE = {
  sum: 'contributions that add up to the value, or to its net, bit for bit',
  ranking: 'the candidates, best first',
  terms: 'what enters the formula; not a sum',
  none: 'inputs and what was left out',
} as const

function index(): string {
  const families = FAMILY_IDS.flatMap((family) => {
    const members = METRICS.filter((metric) => familyOf(metric) === family)
    if (members.length === 0) return []
    const lines = members.map((metric) => `- [${metric.title}](${pathOf(metric)}): ${metric.unit}`)
    return [`## ${FAMILIES[family]}`, lines.join('\n')]
  })
  return [
    '# Methods',
    'Every metric: what it means, how it is computed, and who defined it. Made from the registry in `quant/metrics` by ' +
      '`npm run methods`; a test fails when a page is out of date. The word currency stands for that of the chain. The sign ' +
      'of what dealers hold is a model, not an observation.',
    ...families,
  ].join('\n\n')
}
