/** The document's `webhooks`: what we send, as the receiver sees it. */
import type { OpenAPIV3_1 } from 'openapi-types'
import type { WebhookEventType } from '#schemas/webhookEvents'
import { componentRef, type ComponentName } from './components.ts'

const SENT: Readonly<Record<WebhookEventType, readonly [ComponentName, string]>> = {
  'level.crossed': ['LevelCrossed', 'Spot and zero gamma, call wall or put wall changed sides'],
  'regime.changed': ['RegimeChanged', 'Net gamma at spot changed its sign'],
  'usage.threshold': ['UsageThreshold', "80 or 100 per cent of a day's quota are used"],
  'key.rotated': ['KeyRotated', 'An API key has a successor'],
  'webhook.test': ['WebhookTest', 'Sent when you ask for it'],
}

const HEADERS = {
  'webhook-id': 'Of the event, the same at every attempt: what to tell repeats by.',
  'webhook-timestamp': 'Of the attempt, Unix seconds. Refuse what is older than five minutes.',
  'webhook-signature':
    '`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body` with your secret; two of them, by a space, while the secret changes.',
} as const

export function webhooksOfDocument(): Record<string, { readonly post: OpenAPIV3_1.OperationObject }> {
  return Object.fromEntries(
    Object.entries(SENT).map(([type, [model, summary]]) => [type, { post: operation(type, model, summary) }]),
  )
}

function operation(type: string, model: ComponentName, summary: string): OpenAPIV3_1.OperationObject {
  return {
    operationId: `on.${type}`,
    tags: ['Webhooks'],
    summary,
    security: [],
    parameters: Object.entries(HEADERS).map(([name, description]) => ({
      name,
      in: 'header',
      required: true,
      description,
      schema: { type: 'string' },
    })),
    requestBody: { required: true, content: { 'application/json': { schema: componentRef(model) } } },
    responses: {
      '2XX': { description: 'Taken.' },
      410: { description: 'Not wanted any more: the endpoint is turned off.' },
      default: { description: 'Anything else, redirects too: tried again, ten times over three days.' },
    },
  }
}
