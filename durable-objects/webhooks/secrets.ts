/** The secrets of an owner's endpoints: sealed where they are stored, opened to sign. */
import { isSealed, isSealedByFirst, seal, unseal, type SealingKeys } from './sealing.ts'
import { signingSecrets, type Endpoint, type Endpoints } from './endpoints.ts'

export class Secrets {
  readonly #owner: string
  readonly #endpoints: Endpoints
  readonly #keys: () => Promise<SealingKeys>

  constructor(owner: string, endpoints: Endpoints, keys: () => Promise<SealingKeys>) {
    this.#owner = owner
    this.#endpoints = endpoints
    this.#keys = keys
  }

  async sealed(endpoint: string, secret: string): Promise<string> {
    return seal(secret, this.#place(endpoint), await this.#keys())
  }

  /** What signs now, newest first. Null when the newest cannot be opened: the owner has to rotate it. */
  async open(endpoint: Endpoint, nowMs: number): Promise<string[] | null> {
    const keys = await this.#keys()
    const stored = signingSecrets(endpoint, nowMs)
    const [newest, ...older] = await Promise.all(stored.map((text) => this.#open(endpoint.id, text, keys)))
    if (newest === undefined || newest === null) return null
    return [newest, ...older.filter((secret) => secret !== null)]
  }

  /** Seals what is not, or with a key that is on its way out. What cannot be opened stays as it is: its key may come back. */
  async renew(): Promise<void> {
    const endpoints = this.#endpoints.all()
    if (endpoints.length === 0) return
    const keys = await this.#keys()
    for (const { id, secret, oldSecret } of endpoints) {
      // oxlint-disable-next-line no-await-in-loop
      const [next, nextOld] = await Promise.all([
        this.#renewed(id, secret, keys),
        oldSecret === null ? null : this.#renewed(id, oldSecret, keys),
      ])
      if (next !== secret || nextOld !== oldSecret) this.#endpoints.writeSecrets(id, next, nextOld)
    }
  }

  async #renewed(id: string, stored: string, keys: SealingKeys): Promise<string> {
    if (isSealedByFirst(stored, keys)) return stored
    const secret = await this.#open(id, stored, keys)
    return secret === null ? stored : seal(secret, this.#place(id), keys)
  }

  /** Those of before secrets were sealed stand as they are. */
  #open(id: string, stored: string, keys: SealingKeys): Promise<string | null> {
    return isSealed(stored) ? unseal(stored, this.#place(id), keys) : Promise.resolve(stored)
  }

  /** So that nothing of one owner or endpoint opens as another's. */
  #place(endpoint: string): string {
    return `${this.#owner}\n${endpoint}`
  }
}
