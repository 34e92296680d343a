/** Reads that answer what happened instead of throwing, so that the type makes a caller look. */
import type { Problem } from '#schemas/problem'
import { ApiProblem } from './apiProblem.ts'

export interface Upgrade {
  readonly requiredTier: string
  readonly upgradeUrl: string
}

export type Result<T> =
  | { readonly ok: true; readonly value: T }
  /** `upgrade` when a higher tier may. */
  | { readonly ok: false; readonly problem: Problem; readonly upgrade: Upgrade | null }

type Call = (...args: never[]) => Promise<unknown>
export type Results<R> = {
  readonly [K in keyof R]: R[K] extends (...args: infer Args) => Promise<infer T>
    ? (...args: Args) => Promise<Result<T>>
    : never
}

export function asResults<R extends object>(reads: R): Results<R> {
  const calls = Object.entries(reads).map(([name, call]) => [name, asResult(call as Call)] as const)
  return Object.fromEntries(calls) as Results<R>
}

function asResult(call: Call) {
  return async (...args: never[]): Promise<Result<unknown>> => {
    try {
      return { ok: true, value: await call(...args) }
    } catch (cause) {
      if (!(cause instanceof ApiProblem)) throw cause
      return { ok: false, problem: cause.problem, upgrade: upgradeOf(cause.problem) }
    }
  }
}

export function upgradeOf({ requiredTier, upgradeUrl }: Problem): Upgrade | null {
  return requiredTier === undefined || upgradeUrl === undefined ? null : { requiredTier, upgradeUrl }
}
