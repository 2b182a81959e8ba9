/** Words for there being nobody to serve, and nothing decided yet. */
import * as O from 'fp-ts/Option'
import type { AccountKey } from '../../core/accounts/identity'
import { iso, type Instant } from '../../core/time'
import { align } from '../../core/tui/columns'
import { printable } from '../../core/tui/printable'
import { relative } from '../../core/tui/relative-time'
import { noAccounts, rendered, type Rendered } from './rendered'

interface Barred {
  readonly key: AccountKey
  readonly number: number
  /** Printable. */
  readonly name: string
  readonly outcome: string
  readonly says: string
}

export type RoutingError =
  | {
      readonly _tag: 'NoAccountServes'
      readonly now: Instant
      /** When the first comes back by itself. */
      readonly soonest: O.Option<Instant>
      readonly accounts: ReadonlyArray<Barred>
    }
  | { readonly _tag: 'NoDecision' }

export const renderRoutingError = (error: RoutingError): Rendered => {
  if (error._tag === 'NoDecision')
    return rendered(
      'no-decision',
      'The log holds no such decision.',
      'See what the next request would meet: codex-multi-auth why',
    )
  const { accounts, now, soonest } = error
  if (accounts.length === 0) return noAccounts
  const lines = align(
    accounts.map(({ name, number, says }) => [String(number), name, printable(says)]),
    Infinity,
  )
  const candidates = accounts.map(({ key }, index) => ({ value: key, line: lines[index] ?? '' }))
  if (O.isSome(soonest))
    return rendered(
      'no-account-serves',
      'No account can serve now.',
      `Try again ${relative(now)(soonest.value)}, at ${iso(soonest.value)}.`,
      candidates,
    )
  return accounts.some(({ outcome }) => outcome === 'needs-sign-in')
    ? rendered(
        'sign-in-needed',
        'No account can serve, and none comes back by itself.',
        'Sign in again: codex-multi-auth login',
        candidates,
      )
    : rendered(
        'no-account-serves',
        'No account can serve, and none comes back by itself.',
        'Let one serve: codex-multi-auth enable ACCOUNT, or account unpause ACCOUNT',
        candidates,
      )
}
