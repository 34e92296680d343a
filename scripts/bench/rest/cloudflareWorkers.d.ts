/** As much of the platform as a peer needs; the Worker's own types are of another project. */
declare module 'cloudflare:workers' {
  interface ObjectState {
    readonly storage: { readonly sql: { exec(query: string, ...bindings: unknown[]): unknown } }
  }
  export abstract class DurableObject {
    protected readonly ctx: ObjectState
    constructor(ctx: ObjectState, env: unknown)
  }
}
