/**
 * What OpenCode gives a plugin and takes from it (plugin-host.md, sections 2 to 5), as far as it is
 * used here. Whatever comes from the host may be missing: releases differ.
 */
import type { Fetch } from '../programs/fetch'

export interface Host {
  readonly client: Client
  readonly directory?: string
  readonly worktree?: string
}

export interface Client {
  readonly auth: {
    readonly set: (given: {
      readonly path: { readonly id: string }
      readonly body: StoredEntry
    }) => Promise<unknown>
  }
  readonly app: {
    readonly log: (given: { readonly body: LogLine }) => Promise<unknown>
  }
  readonly tui: {
    readonly showToast: (given: { readonly body: Toast }) => Promise<unknown>
  }
}

export interface LogLine {
  readonly service: string
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
}

export interface Toast {
  readonly message: string
  readonly variant: 'info' | 'success' | 'warning' | 'error'
}

/** As the host's `auth.json` has it under a provider's id; `expires` is epoch ms. */
export interface StoredEntry {
  readonly type: 'oauth'
  readonly access: string
  readonly refresh: string
  readonly expires: number
}

export interface Hooks {
  readonly auth: {
    readonly provider: string
    readonly loader: (getAuth: () => Promise<unknown>) => Promise<LoaderOptions>
    readonly methods: ReadonlyArray<Method>
  }
  readonly tool: Readonly<Record<string, Tool>>
  readonly dispose: () => Promise<void>
}

/** Merged over the built-in plugin's; `{}` leaves that one in charge. */
export type LoaderOptions =
  { readonly apiKey: string; readonly fetch: Fetch } | Readonly<Record<string, never>>

export type Method =
  | {
      readonly type: 'oauth'
      readonly label: string
      readonly authorize: () => Promise<Authorization>
    }
  | { readonly type: 'api'; readonly label: string }

export interface Authorization {
  readonly url: string
  readonly instructions: string
  readonly method: 'auto'
  readonly callback: () => Promise<
    ({ readonly type: 'success' } & Omit<StoredEntry, 'type'>) | { readonly type: 'failed' }
  >
}

export interface Tool {
  readonly description: string
  /** Properties of a JSON schema. */
  readonly args: Readonly<Record<string, object>>
  readonly execute: (given: Readonly<Record<string, unknown>>) => Promise<string>
}
