/** What the simulated world asks of a router, and what it lets it see. */
import type { Instant } from '../../core/time'
import type { WindowSeen } from './meter'
import type { PlanName } from './scenario'

export interface Try {
  readonly now: Instant
  readonly conversation: number
  /** Accounts that have refused this step since it last waited. */
  readonly tried: ReadonlyArray<number>
  /** Steps under way on each account that are the first of their conversation there. */
  readonly starting: ReadonlyArray<number>
}

export type Choice =
  | { readonly _tag: 'Account'; readonly account: number }
  | { readonly _tag: 'Wait'; readonly until: Instant }

export const account = (index: number): Choice => ({ _tag: 'Account', account: index })
export const wait = (until: Instant): Choice => ({ _tag: 'Wait', until })

export interface Router {
  readonly choose: (asked: Try) => Choice
  readonly served: (
    now: Instant,
    conversation: number,
    account: number,
    windows: ReadonlyArray<WindowSeen>,
  ) => void
  /** 429, with the latest reset of the exhausted windows. */
  readonly limited: (
    now: Instant,
    account: number,
    until: Instant,
    windows: ReadonlyArray<WindowSeen>,
  ) => void
  /** 5xx. */
  readonly failed: (now: Instant, account: number) => void
}

/** What only the oracle looks at. */
export interface Truth {
  /** Tokens left in each window of an account. */
  readonly left: (account: number, now: Instant) => ReadonlyArray<number>
  readonly fails: (account: number, now: Instant) => boolean
}

export interface Contender {
  readonly name: string
  /** Ours go through the product's own decision; the oracle sees more than answers say. */
  readonly kind: 'ours' | 'reference' | 'oracle'
  readonly open: (plans: ReadonlyArray<PlanName>, seed: number, truth: Truth) => Router
}
