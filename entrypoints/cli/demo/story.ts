/** What the demo shows, as values: scenes, and what became of each. */
import * as t from 'io-ts'
import type { Millis } from '../../../core/time'

export interface Scene {
  readonly title: string
  /** What goes wrong in it, and for whom: an account's place in the cast, from 0. */
  readonly trouble: Trouble
}

export type Trouble =
  | { readonly _tag: 'Limited'; readonly who: number; readonly resetsIn: Millis }
  | { readonly _tag: 'FailsInStream'; readonly who: number }
  | { readonly _tag: 'Revoked'; readonly who: number }

/** Who asked the proxy: the official CLI, or a plain client where there is none. */
export type Asker =
  { readonly _tag: 'Codex'; readonly version: string } | { readonly _tag: 'PlainClient' }

export interface Played {
  readonly scene: Scene
  readonly decisions: ReadonlyArray<Decision>
  readonly answer: string
  readonly exit: number
  readonly took: Millis
}

export interface Told {
  readonly asker: Asker
  readonly cast: ReadonlyArray<{ readonly name: string; readonly plan: string }>
  readonly played: ReadonlyArray<Played>
}

const hour = 3_600_000

/** In this order: each trouble befalls the account the engine prefers at that moment. */
export const scenes: ReadonlyArray<Scene> = [
  {
    title: 'Ada’s five hours are used up',
    trouble: { _tag: 'Limited', who: 0, resetsIn: 2 * hour },
  },
  { title: 'Barbara’s answer fails inside a 200', trouble: { _tag: 'FailsInStream', who: 2 } },
  { title: 'Grace’s sign-in is revoked', trouble: { _tag: 'Revoked', who: 1 } },
]

export const prompt = 'Say hello.'

const lineForm = t.type({ account: t.string, outcome: t.string }, 'TraceLine')

/** A line of the decision log, as far as the demo tells of it. */
export const decisionForm = t.intersection(
  [
    t.type({ event: t.string, path: t.string }),
    t.partial({ account: t.string, trace: t.array(lineForm) }),
  ],
  'Decision',
)
export type Decision = t.TypeOf<typeof decisionForm>

/** The place in the cast of `2 account-id`. */
export const placeOf = (account: string): number => Number.parseInt(account, 10) - 1
