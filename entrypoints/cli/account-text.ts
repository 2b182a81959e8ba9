/** Accounts as lines of text. Whatever comes from others is made printable here. */
import * as O from 'fp-ts/Option'
import type { Reason } from '../../core/routing/eligibility'
import type { Instant } from '../../core/time'
import { printable } from '../../core/tui/printable'
import { relative } from '../../core/tui/relative-time'
import { nameOf, type AccountView } from './account-view'

/** `Work (ada@mail.test)`: enough to know the account by. */
export const titleOf = (account: AccountView): string => {
  const name = printable(nameOf(account))
  return O.isSome(account.label) && O.isSome(account.email)
    ? `${name} (${printable(account.email.value)})`
    : name
}

export const planOf = ({ plan }: AccountView): string =>
  O.isSome(plan) ? printable(plan.value) : '-'

/** With the plan, which tells two workspaces of one e-mail apart. */
export const describe = (account: AccountView): string =>
  O.isSome(account.plan)
    ? `${titleOf(account)}, plan ${printable(account.plan.value)}`
    : titleOf(account)

/** `ready`, `limited, back in 2 h`, ... */
export const statusText =
  (now: Instant) =>
  ({ reason }: AccountView): string =>
    O.isNone(reason) ? 'ready' : reasonText(now, reason.value)

/** The active account is marked in a column of its own; the words below a table say so. */
export const markOf = ({ active }: AccountView): string => (active ? '*' : '')

const reasonText = (now: Instant, reason: Reason): string => {
  switch (reason._tag) {
    case 'Disabled':
      return 'disabled'
    case 'Flagged':
      return `set aside (${printable(reason.because)})`
    case 'NeedsSignIn':
      return 'needs sign-in'
    case 'Paused':
      return 'paused'
    case 'OffPolicy':
      return 'not tagged for it'
    case 'Draining':
      return 'draining'
    case 'RateLimited':
    case 'QuotaDeferred':
      return `limited, back ${relative(now)(reason.until)}`
    case 'Cooling':
    case 'CircuitOpen':
    case 'HeldBack':
      return `cooling, back ${relative(now)(reason.until)}`
    case 'AlreadyTried':
      return 'already tried'
    case 'NotAskedFor':
      return 'not asked for'
    case 'ModelNotEntitled':
      return 'may not use the model'
    case 'BoundElsewhere':
      return 'bound elsewhere'
  }
}

export const lastUsedText =
  (now: Instant) =>
  ({ lastUsedAt }: AccountView): string =>
    O.isSome(lastUsedAt) ? relative(now)(lastUsedAt.value) : 'never'
