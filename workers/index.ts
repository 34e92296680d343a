/** Entry of the one Worker: HTTP in, and the classes of its Durable Objects. */
import { AccountObject } from '#durable-objects/account/AccountObject'
import { LeaseObject } from '#durable-objects/bridge/LeaseObject'
import { RelayObject } from '#durable-objects/relay/RelayObject'
import { SymbolObject } from '#durable-objects/symbol/SymbolObject'
import { WindowLeases } from '#durable-objects/windows/WindowLeases'
import { createApp } from './app.ts'

const app = createApp()

export default { fetch: app.fetch }
export { AccountObject, LeaseObject, RelayObject, SymbolObject, WindowLeases }
