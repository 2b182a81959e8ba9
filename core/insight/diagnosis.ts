/** What `doctor` looks at: one table of checks, each from the facts to what it found. */
import * as O from 'fp-ts/Option'
import type { Load } from '../hosts/opencode-load'
import type { AliveTool } from './existing-tool'

export interface Facts {
  readonly pool: PoolInUse
  /** Live processes of the existing tool that write the same pool. */
  readonly existingTool: ReadonlyArray<AliveTool>
  /** Of OpenCode, where its configuration names the plugin. */
  readonly hostLoad: O.Option<Load>
}

/** Whose accounts are asked for here, and where they are stored. */
export interface PoolInUse {
  readonly path: string
  readonly isOfProject: boolean
}

export const severities = ['ok', 'warn', 'error'] as const
export type Severity = (typeof severities)[number]

/** The facts alone; words are made where they are shown. */
export type Finding =
  | { readonly _tag: 'Pool'; readonly pool: PoolInUse }
  | { readonly _tag: 'Alone' }
  | { readonly _tag: 'ExistingToolRuns'; readonly processes: Facts['existingTool'] }
  | { readonly _tag: 'NoHost' }
  | { readonly _tag: 'Host'; readonly load: Load }

export interface Check {
  readonly key: string
  readonly find: (facts: Facts) => Finding
}

export const checks: ReadonlyArray<Check> = [
  { key: 'accounts', find: ({ pool }) => ({ _tag: 'Pool', pool }) },
  {
    key: 'existing-tool',
    find: ({ existingTool }) =>
      existingTool.length === 0
        ? { _tag: 'Alone' }
        : { _tag: 'ExistingToolRuns', processes: existingTool },
  },
  {
    key: 'opencode',
    find: ({ hostLoad }) =>
      O.isNone(hostLoad) ? { _tag: 'NoHost' } : { _tag: 'Host', load: hostLoad.value },
  },
]

export const severityOf = (finding: Finding): Severity => {
  switch (finding._tag) {
    case 'ExistingToolRuns':
      return 'warn'
    case 'Host':
      return finding.load._tag === 'PassesOver' ? 'warn' : 'ok'
    case 'Pool':
    case 'Alone':
    case 'NoHost':
      return 'ok'
  }
}
