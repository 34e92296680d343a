/** Entry of the one Worker: HTTP in, and the classes of its Durable Objects. */
import { AccountObject } from '#durable-objects/account/AccountObject'
import { LeaseObject } from '#durable-objects/bridge/LeaseObject'
import { RelayObject } from '#durable-objects/relay/RelayObject'
import { SymbolObject } from '#durable-objects/symbol/SymbolObject'
import { WebhookObject } from '#durable-objects/webhooks/WebhookObject'
import { WindowLeases } from '#durable-objects/windows/WindowLeases'
import type { Env } from '#durable-objects/env'
import { endChangedTiers } from './accounts/changedTiers.ts'
import { forgetOld } from './accounts/forgetOld.ts'
import { createApp } from './app.ts'
import { reportUsage } from './partner/billing/reportUsage.ts'
import { stripeBilling } from './partner/billing/stripe.ts'
import { tellUntold } from './partner/outbox.ts'

const app = createApp()

/** As in wrangler.toml. */
const EVERY_MINUTE = '* * * * *'

export default {
  fetch: app.fetch,
  async scheduled({ cron }, env) {
    if (cron === EVERY_MINUTE) {
      await Promise.all([endChangedTiers(env), tellUntold(env)])
      return
    }
    const { STRIPE_SECRET_KEY } = env
    await Promise.all([
      forgetOld(env.DB, Date.now()),
      STRIPE_SECRET_KEY && reportUsage(env, stripeBilling(STRIPE_SECRET_KEY), Date.now()),
    ])
  },
} satisfies ExportedHandler<Env>
export { AccountObject, LeaseObject, RelayObject, SymbolObject, WebhookObject, WindowLeases }
