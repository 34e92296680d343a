/** The named schemas of the document, generated from the ones that parse. What a schema holds by identity becomes a reference. */
import {
  toJsonSchema,
  toJsonSchemaDefs,
  type ConversionConfig,
  type JsonSchema,
} from '@valibot/to-json-schema'
import * as v from 'valibot'
import { GuestTokenSchema, SocketTicketSchema } from '#schemas/claims'
import { FlipSchema, FrameQualitySchema } from '#schemas/frame/gamma'
import { IngestAcceptedSchema } from '#schemas/ingest/answer'
import { DrainedSchema, DrainRequestSchema } from '#schemas/ingest/drain'
import { LeaseGrantedSchema, LeaseRequestSchema } from '#schemas/ingest/lease'
import { ChangedTierSchema, TierChangeSchema } from '#schemas/operator'
import { JwksSchema } from '#schemas/jwks'
import { ProblemSchema } from '#schemas/problem'
import {
  AccountAnswerSchema,
  AccountExportSchema,
  CodeSentSchema,
  EmailRequestSchema,
  EmailVerifySchema,
  SessionListSchema,
  SessionSchema,
  SessionTokenSchema,
} from '#schemas/rest/accounts'
import { ApiKeySchema, KeyListSchema, KeyRequestSchema, NewKeyAnswerSchema } from '#schemas/rest/keys'
import { MetaSchema } from '#schemas/rest/envelope'
import { ExplanationSchema, MethodsSchema, MetricSchema, MetricsSchema } from '#schemas/rest/metrics'
import {
  ChainColumnsSchema,
  ChainRowSchema,
  ChainSchema,
  DailyUsageColumnsSchema,
  DailyUsageRowSchema,
  DailyUsageSchema,
  ExposureSchema,
  HealthSchema,
  LevelsSchema,
  SnapshotListColumnsSchema,
  SnapshotListSchema,
  SnapshotRowSchema,
  StrikeRowSchema,
  StrikesColumnsSchema,
  StrikesSchema,
  SymbolRowSchema,
  SymbolsColumnsSchema,
  SymbolsSchema,
  TimelineSchema,
  UsageSchema,
} from '#schemas/rest/models'
import {
  DeliveryAnswerSchema,
  DeliveryListColumnsSchema,
  DeliveryListSchema,
  DeliveryRowSchema,
  NewWebhookSchema,
  ReplayAnswerSchema,
  ReplayRequestSchema,
  WebhookAnswerSchema,
  WebhookChangeSchema,
  WebhookListSchema,
  WebhookRequestSchema,
  WebhookSchema,
} from '#schemas/rest/webhooks'
import {
  CreationOptionsSchema,
  PasskeyAnswerSchema,
  PasskeyListSchema,
  PasskeyRequestSchema,
  PasskeySignInSchema,
  RequestOptionsSchema,
} from '#schemas/rest/passkeys'
import { VolatilitySchema } from '#schemas/rest/volatility'
import {
  OpenWindowSchema,
  WindowAnswerSchema,
  WindowListSchema,
  WindowRequestSchema,
} from '#schemas/rest/windows'
import { SnapshotSchema } from '#schemas/snapshot'
import {
  KeyRotatedSchema,
  LevelCrossedSchema,
  RegimeChangedSchema,
  UsageThresholdSchema,
  WebhookTestSchema,
} from '#schemas/webhookEvents'
import { MessageSchema } from '../mcp/protocol.ts'

export const COMPONENTS = {
  Account: AccountAnswerSchema,
  AccountExport: AccountExportSchema,
  ApiKey: ApiKeySchema,
  Chain: ChainSchema,
  ChainColumns: ChainColumnsSchema,
  ChainRow: ChainRowSchema,
  CodeSent: CodeSentSchema,
  DailyUsage: DailyUsageSchema,
  DailyUsageColumns: DailyUsageColumnsSchema,
  DailyUsageRow: DailyUsageRowSchema,
  EmailRequest: EmailRequestSchema,
  EmailVerify: EmailVerifySchema,
  Delivery: DeliveryAnswerSchema,
  DeliveryList: DeliveryListSchema,
  DeliveryListColumns: DeliveryListColumnsSchema,
  DeliveryRow: DeliveryRowSchema,
  Explanation: ExplanationSchema,
  Exposure: ExposureSchema,
  Flip: FlipSchema,
  GuestToken: GuestTokenSchema,
  Health: HealthSchema,
  IngestAccepted: IngestAcceptedSchema,
  Jwks: JwksSchema,
  KeyList: KeyListSchema,
  KeyRequest: KeyRequestSchema,
  KeyRotated: KeyRotatedSchema,
  LeaseGranted: LeaseGrantedSchema,
  LeaseRequest: LeaseRequestSchema,
  ChangedTier: ChangedTierSchema,
  TierChange: TierChangeSchema,
  Drained: DrainedSchema,
  DrainRequest: DrainRequestSchema,
  LevelCrossed: LevelCrossedSchema,
  Levels: LevelsSchema,
  McpRequest: MessageSchema,
  Meta: MetaSchema,
  Methods: MethodsSchema,
  Metric: MetricSchema,
  Metrics: MetricsSchema,
  NewKey: NewKeyAnswerSchema,
  NewWebhook: NewWebhookSchema,
  OpenWindow: OpenWindowSchema,
  Passkey: PasskeyAnswerSchema,
  PasskeyChallenge: RequestOptionsSchema,
  PasskeyList: PasskeyListSchema,
  PasskeyOffer: CreationOptionsSchema,
  PasskeyRequest: PasskeyRequestSchema,
  PasskeySignIn: PasskeySignInSchema,
  Problem: ProblemSchema,
  Quality: FrameQualitySchema,
  RegimeChanged: RegimeChangedSchema,
  Replay: ReplayAnswerSchema,
  ReplayRequest: ReplayRequestSchema,
  Session: SessionSchema,
  SessionList: SessionListSchema,
  SessionToken: SessionTokenSchema,
  Snapshot: SnapshotSchema,
  SnapshotList: SnapshotListSchema,
  SnapshotListColumns: SnapshotListColumnsSchema,
  SnapshotRow: SnapshotRowSchema,
  SocketTicket: SocketTicketSchema,
  StrikeRow: StrikeRowSchema,
  Strikes: StrikesSchema,
  StrikesColumns: StrikesColumnsSchema,
  SymbolRow: SymbolRowSchema,
  Symbols: SymbolsSchema,
  SymbolsColumns: SymbolsColumnsSchema,
  Timeline: TimelineSchema,
  Usage: UsageSchema,
  UsageThreshold: UsageThresholdSchema,
  Volatility: VolatilitySchema,
  Webhook: WebhookSchema,
  WebhookAnswer: WebhookAnswerSchema,
  WebhookChange: WebhookChangeSchema,
  WebhookList: WebhookListSchema,
  WebhookRequest: WebhookRequestSchema,
  WebhookTest: WebhookTestSchema,
  Window: WindowAnswerSchema,
  WindowList: WindowListSchema,
  WindowRequest: WindowRequestSchema,
} as const satisfies Readonly<Record<string, v.GenericSchema>>
export type ComponentName = keyof typeof COMPONENTS

const CONVERSION: ConversionConfig = {
  target: 'draft-2020-12',
  typeMode: 'output',
  overrideRef: ({ referenceId }) => `#/components/schemas/${referenceId}`,
  // What JSON Schema cannot say is said by the description beside it.
  ignoreActions: ['check', 'safe_integer', 'trim', 'to_lower_case'],
  overrideSchema: ({ valibotSchema, jsonSchema }) => {
    // Keys that are choices: JSON Schema can say that, the converter does not know.
    if (valibotSchema.type === 'record') return jsonSchema
    // The converter repeats a default in the type that comes in.
    if (valibotSchema.type === 'optional' && 'default' in jsonSchema)
      return { ...jsonSchema, default: v.parse(valibotSchema, undefined) as JsonSchema['default'] }
    return undefined
  },
}

export function componentSchemas(): Record<string, JsonSchema> {
  return toJsonSchemaDefs(COMPONENTS, CONVERSION)
}

export function jsonSchemaOf(schema: v.GenericSchema): JsonSchema {
  const { $schema: _, ...json } = toJsonSchema(schema, CONVERSION)
  return json
}

export function componentRef(name: ComponentName) {
  return { $ref: `#/components/schemas/${name}` }
}
