/** The tools: each is a read of the API, so that who may what, and what it costs, is said in one place. */
import * as v from 'valibot'
import { ExplanationSchema, METRIC_FAMILIES, MethodsSchema, type Methods } from '#schemas/rest/metrics'
import { ExposureSchema, LevelsSchema, SymbolsSchema, type Exposure } from '#schemas/rest/models'
import { SymbolSchema } from '#schemas/symbol'
import { jsonSchemaOf } from '../openapi/components.ts'

type Arguments = v.ObjectSchema<v.ObjectEntries, undefined>

export interface Tool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly arguments: Arguments
  /** What a call that is not refused answers. */
  readonly answer: v.GenericSchema
  readonly plan: (given: Readonly<Record<string, unknown>>) => Plan | WrongArguments
}

export interface WrongArguments {
  readonly ok: false
  readonly detail: string
}

export interface Plan {
  readonly ok: true
  /** The read, path and query. */
  readonly path: string
  /** What of the answer fits a model's attention. */
  readonly shorten: (body: unknown) => unknown
}

function tool<T extends Arguments>(
  about: {
    readonly name: string
    readonly title: string
    readonly description: string
    readonly arguments: T
    readonly answer: v.GenericSchema
  },
  plan: (given: v.InferOutput<T>) => { readonly path: string; readonly shorten?: (body: never) => unknown },
): Tool {
  return {
    ...about,
    plan: (given) => {
      const parsed = v.safeParse(about.arguments, given)
      if (!parsed.success) return wrong(parsed.issues[0])
      const { path, shorten = (body: unknown) => body } = plan(parsed.output)
      return { ok: true, path, shorten: shorten as (body: unknown) => unknown }
    },
  }
}

function wrong(issue: v.BaseIssue<unknown>): WrongArguments {
  return { ok: false, detail: `${v.getDotPath(issue) ?? 'arguments'}: ${issue.message}` }
}

const { data: exposureData, meta: exposureMeta } = ExposureSchema.entries
/** Without the profile, and with the strikes nearest to spot only. */
const NearExposureSchema = v.object({
  data: v.object({
    ...v.omit(exposureData, ['profile', 'strikes']).entries,
    strikes: v.pick(exposureData.entries.strikes, ['strike', 'callGex', 'putGex']),
    strikesInAll: v.number(),
  }),
  meta: exposureMeta,
})
type NearExposure = v.InferOutput<typeof NearExposureSchema>

const symbol = v.pipe(SymbolSchema, v.description('An underlying, one of list_symbols, e.g. SPX.'))

export const TOOLS: readonly Tool[] = [
  tool(
    {
      name: 'list_symbols',
      title: 'Symbols',
      description: 'The underlyings there is data of, with their feed: synthetic, live, delayed or recorded.',
      arguments: v.object({}),
      answer: SymbolsSchema,
    },
    () => ({ path: '/v1/symbols' }),
  ),
  tool(
    {
      name: 'get_levels',
      title: 'Key levels',
      description:
        'Gamma flips, call and put wall, magnet, max pain and put-call ratios of a symbol. Say meta.asOf and meta.feed with any figure.',
      arguments: v.object({ symbol }),
      answer: LevelsSchema,
    },
    (given) => ({ path: `/v1/levels/${given.symbol}` }),
  ),
  tool(
    {
      name: 'get_exposure',
      title: 'Gamma exposure',
      description:
        'Dealer gamma exposure of a symbol: totals, by expiry, and by the strikes nearest to spot. In meta.currency per 1 % move, signed by meta.model.',
      arguments: v.object({
        symbol,
        strikes: v.optional(
          v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(200), v.description('How many strikes.')),
          20,
        ),
      }),
      answer: NearExposureSchema,
    },
    ({ symbol: of, strikes }) => ({
      path: `/v1/exposure/${of}`,
      shorten: (body: Exposure) => nearSpot(body, strikes),
    }),
  ),
  tool(
    {
      name: 'explain_metric',
      title: 'What a figure rests on',
      description:
        'One figure of a symbol with its formula, inputs and the contracts that add up to it. Ids are those of list_methods.',
      arguments: v.object({
        symbol,
        metric: v.pipe(
          v.string(),
          v.regex(/^[\w.]{1,60}$/, 'expected an id such as gammaPulse.netGex'),
          v.description('E.g. gammaPulse.netGex.'),
        ),
      }),
      answer: ExplanationSchema,
    },
    (given) => ({ path: `/v1/explain/${given.symbol}/${given.metric}` }),
  ),
  tool(
    {
      name: 'list_methods',
      title: 'What figures mean',
      description: 'Meaning, unit, formula and source of every figure of a family.',
      arguments: v.object({
        family: v.pipe(v.picklist(METRIC_FAMILIES), v.description('The group of figures.')),
      }),
      answer: MethodsSchema,
    },
    ({ family }) => ({
      path: '/v1/methods',
      shorten: ({ data }: Methods) => ({ data: data.filter((method) => method.family === family) }),
    }),
  ),
]

/** As `tools/list` names them. */
export const TOOL_LIST = TOOLS.map(({ name, title, description, arguments: given, answer }) => ({
  name,
  title,
  description,
  inputSchema: { additionalProperties: false, ...jsonSchemaOf(given) },
  outputSchema: jsonSchemaOf(answer),
  annotations: { readOnlyHint: true, openWorldHint: false },
}))

function nearSpot({ data, meta }: Exposure, count: number): NearExposure {
  const { profile: _, strikes, ...rest } = data
  const { spotPrice } = data
  const byDistance = strikes.strike
    .map((strike, row) => ({ row, distance: Math.abs(strike - (spotPrice ?? 0)) }))
    .sort((a, b) => a.distance - b.distance)
  const rows = byDistance
    .slice(0, count)
    .map(({ row }) => row)
    .sort((a, b) => a - b)
  const pick = (column: readonly number[]) => rows.map((row) => column[row] ?? 0)
  const near = { strike: pick(strikes.strike), callGex: pick(strikes.callGex), putGex: pick(strikes.putGex) }
  return { data: { ...rest, strikes: near, strikesInAll: strikes.strike.length }, meta }
}
