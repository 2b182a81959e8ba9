/** What `doctor` looks at: one table of checks, each from the facts to what it found. */
import type { AliveTool } from './existing-tool'

export interface Facts {
  /** Live processes of the existing tool that write the same pool. */
  readonly existingTool: ReadonlyArray<AliveTool>
}

export const severities = ['ok', 'warn', 'error'] as const
export type Severity = (typeof severities)[number]

/** The facts alone; words are made where they are shown. */
export type Finding =
  | { readonly _tag: 'Alone' }
  | { readonly _tag: 'ExistingToolRuns'; readonly processes: Facts['existingTool'] }

export interface Check {
  readonly key: string
  readonly find: (facts: Facts) => Finding
}

export const checks: ReadonlyArray<Check> = [
  {
    key: 'existing-tool',
    find: ({ existingTool }) =>
      existingTool.length === 0
        ? { _tag: 'Alone' }
        : { _tag: 'ExistingToolRuns', processes: existingTool },
  },
]

export const severityOf = (finding: Finding): Severity => (finding._tag === 'Alone' ? 'ok' : 'warn')
