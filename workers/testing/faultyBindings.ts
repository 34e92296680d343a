/** The bindings of the test environment, of which each may fail from its n-th call on. */
import { env } from 'cloudflare:workers'
import type { Env } from '#durable-objects/env'

export const BINDINGS = [
  'SYMBOL',
  'WINDOWS',
  'LEASE',
  'RELAY',
  'ACCOUNT',
  'WEBHOOKS',
  'DB',
  'SNAPSHOTS',
] as const
export type BindingName = (typeof BINDINGS)[number]

/** What calls of a binding come to: their number, and from which on they fail, with what. */
export class Faults {
  calls = 0
  readonly #fromCall: number
  readonly #error: () => Error

  constructor(fromCall = Infinity, error: () => Error = () => new Error('no fault')) {
    this.#fromCall = fromCall
    this.#error = error
  }

  run<T>(call: () => Promise<T>): Promise<T> {
    return ++this.calls >= this.#fromCall ? Promise.reject(this.#error()) : call()
  }
}

export function envWithFaults(faults: Partial<Record<BindingName, Faults>>): Env {
  const replaced = BINDINGS.flatMap((name) => {
    const of = faults[name]
    return of === undefined ? [] : [[name, faultyBinding(name, of)]]
  })
  return { ...env, ...(Object.fromEntries(replaced) as Partial<Env>) }
}

function faultyBinding(name: BindingName, faults: Faults): unknown {
  if (name === 'DB') return faultyDatabase(env.DB, faults)
  if (name === 'SNAPSHOTS') return faultyCalls(env.SNAPSHOTS, faults)
  return faultyNamespace(env[name] as unknown as Openers, faults)
}

type Method = (...args: unknown[]) => unknown
type Openers = Record<string, Method>

/** Stubs of which every call may fail; ids are made without asking anybody. */
function faultyNamespace(real: Openers, faults: Faults): unknown {
  return new Proxy(real, {
    get: (_, name: string) =>
      name === 'get' || name === 'getByName'
        ? (...args: unknown[]) => faultyCalls(real[name]?.(...args) as object, faults)
        : real[name]?.bind(real),
  })
}

function faultyCalls<T extends object>(real: T, faults: Faults): T {
  return new Proxy(real, {
    get: (_, name: string) => (name === 'then' ? undefined : callOf(real, name, faults)),
  })
}

function callOf(real: object, name: string, faults: Faults): Method {
  return (...args) => faults.run(async () => (real as Openers)[name]?.(...args))
}

const ASKING = ['all', 'first', 'run', 'raw']

function faultyDatabase(real: D1Database, faults: Faults): D1Database {
  const originals = new WeakMap<object, D1PreparedStatement>()
  const faulty = (statement: D1PreparedStatement): D1PreparedStatement => {
    const shown = new Proxy(statement, {
      get: (_, name: string) => {
        if (name === 'bind') return (...args: unknown[]) => faulty(statement.bind(...args))
        return ASKING.includes(name) ? callOf(statement, name, faults) : Reflect.get(statement, name)
      },
    })
    originals.set(shown, statement)
    return shown
  }
  return {
    ...real,
    prepare: (sql: string) => faulty(real.prepare(sql)),
    batch: (statements: D1PreparedStatement[]) =>
      faults.run(() => real.batch(statements.map((shown) => originals.get(shown) ?? shown))),
  } as D1Database
}
