/** An account, and the pool, as commands show them. The JSON forms hold no token. */
import * as O from 'fp-ts/Option'
import { pipe } from 'fp-ts/function'
import * as t from 'io-ts'
import * as Account from '../../core/accounts/account'
import type { AccountKey } from '../../core/accounts/identity'
import { withFlagged, type Pool } from '../../core/accounts/pool'
import * as ReasonWords from '../../core/insight/reason'
import * as Window from '../../core/quota/window'
import type { Reason } from '../../core/routing/eligibility'
import * as Strategy from '../../core/routing/strategy'
import { iso, minute, type Instant } from '../../core/time'
import { seenOf, type Outlook } from '../programs/outlook'
import { oneOf, orNull, time, whole } from './forms'

const statuses = [
  ...(['ready', 'limited', 'cooling', 'needs-sign-in'] as const),
  ...(['disabled', 'flagged', 'unknown'] as const),
] as const

export type Status = (typeof statuses)[number]

const routings = ['automatic', 'manual'] as const

export interface AccountView {
  readonly key: AccountKey
  /** For the eyes, from 1. */
  readonly number: number
  readonly email: O.Option<string>
  readonly label: O.Option<string>
  readonly accountId: string
  readonly plan: O.Option<string>
  readonly enabled: boolean
  readonly active: boolean
  readonly pinned: boolean
  readonly status: Status
  /** Why it does not serve now; none when it can. */
  readonly reason: O.Option<Reason>
  readonly windows: ReadonlyArray<Window.Window & { readonly observedAt: Instant }>
  readonly lastUsedAt: O.Option<Instant>
}

export interface PoolView {
  /** The path of the pool's file. */
  readonly store: string
  readonly active: O.Option<AccountKey>
  readonly pinned: O.Option<AccountKey>
  readonly strategy: Strategy.Strategy
  readonly routing: (typeof routings)[number]
  readonly ready: number
  readonly total: number
}

export interface View {
  readonly now: Instant
  readonly pool: PoolView
  readonly accounts: ReadonlyArray<AccountView>
}

export const viewOf =
  (store: string, outlook: Outlook) =>
  (pool: Pool): View => {
    const seen = seenOf(pool, outlook)
    const is = (key: O.Option<AccountKey>, account: Account.Account): boolean =>
      O.isSome(key) && key.value === Account.key(account)
    const setAside = new Map(
      pool.flagged.map(({ account, because }) => [
        account,
        O.some<Reason>({ _tag: 'Flagged', because }),
      ]),
    )
    const accounts = withFlagged(pool).accounts.map((account, index): AccountView => {
      const { quota, plan, lastUsedAt, ...outlooked } = seen(account)
      const reason = setAside.get(account) ?? outlooked.reason
      return {
        key: Account.key(account),
        number: index + 1,
        email: account.email,
        label: account.label,
        accountId: account.identity.accountId,
        plan,
        enabled: account.enabled,
        active: is(pool.active, account),
        pinned: is(pool.pinned, account),
        status: statusOf(reason),
        reason,
        windows: windowsOf(quota),
        lastUsedAt,
      }
    })
    const { schedulingStrategy: strategy } = outlook.settings
    return {
      now: outlook.now,
      accounts,
      pool: {
        store,
        active: pool.active,
        pinned: pool.pinned,
        strategy,
        routing: strategy === 'manual' ? 'manual' : 'automatic',
        ready: accounts.filter(({ status }) => status === 'ready').length,
        total: accounts.length,
      },
    }
  }

export const findView =
  (key: AccountKey) =>
  (view: View): O.Option<AccountView> =>
    O.fromNullable(view.accounts.find((account) => account.key === key))

/** How the person knows it: label, else e-mail, else account id. */
export const nameOf = ({ label, email, accountId }: AccountView): string =>
  pipe(
    label,
    O.alt(() => email),
    O.getOrElse(() => accountId),
  )

const statusOf = (reason: O.Option<Reason>): Status => {
  if (O.isNone(reason)) return 'ready'
  switch (reason.value._tag) {
    case 'Disabled':
    case 'Paused':
    case 'OffPolicy':
    case 'Draining':
      return 'disabled'
    case 'Flagged':
      return 'flagged'
    case 'NeedsSignIn':
      return 'needs-sign-in'
    case 'RateLimited':
    case 'QuotaDeferred':
      return 'limited'
    case 'Cooling':
    case 'CircuitOpen':
    case 'HeldBack':
      return 'cooling'
    case 'AlreadyTried':
    case 'NotAskedFor':
    case 'ModelNotEntitled':
    case 'BoundElsewhere':
      return 'unknown'
  }
}

const windowsOf = (
  quota: O.Option<{ readonly windows: ReadonlyArray<Window.Window>; readonly observedAt: Instant }>,
): AccountView['windows'] =>
  O.isNone(quota)
    ? []
    : quota.value.windows.map((window) => ({ ...window, observedAt: quota.value.observedAt }))

const windowForm = t.strict(
  {
    kind: oneOf(Window.kinds),
    usedPercent: t.number,
    windowMinutes: t.number,
    resetsAt: orNull(time),
    observedAt: time,
  },
  'Window',
)

export const accountForm = t.strict(
  {
    key: t.string,
    number: whole,
    email: orNull(t.string),
    label: orNull(t.string),
    accountId: t.string,
    plan: orNull(t.string),
    enabled: t.boolean,
    active: t.boolean,
    pinned: t.boolean,
    status: oneOf(statuses),
    reasons: t.array(oneOf(ReasonWords.names)),
    quota: t.strict({ windows: t.array(windowForm) }),
    lastUsedAt: orNull(time),
  },
  'Account',
)

export const poolForm = t.strict(
  {
    store: t.string,
    active: orNull(t.string),
    pinned: orNull(t.string),
    strategy: oneOf(Strategy.all),
    routing: oneOf(routings),
    ready: whole,
    total: whole,
  },
  'Pool',
)

/** What `list` and `status` give as JSON. */
export const viewForm = t.strict({ accounts: t.array(accountForm), pool: poolForm }, 'View')

/** Who an account is, and nothing of how it is. */
export const whoForm = t.strict({ key: t.string, email: orNull(t.string) })

export const toWhoForm = (account: Account.Account): t.TypeOf<typeof whoForm> => ({
  key: Account.key(account),
  email: O.toNullable(account.email),
})

const isoOrNull = (at: O.Option<Instant>): string | null => (O.isSome(at) ? iso(at.value) : null)

export const toAccountForm = (account: AccountView): t.TypeOf<typeof accountForm> => ({
  key: account.key,
  number: account.number,
  email: O.toNullable(account.email),
  label: O.toNullable(account.label),
  accountId: account.accountId,
  plan: O.toNullable(account.plan),
  enabled: account.enabled,
  active: account.active,
  pinned: account.pinned,
  status: account.status,
  reasons: O.isSome(account.reason) ? [ReasonWords.name(account.reason.value)] : [],
  quota: {
    windows: account.windows.map((window) => ({
      kind: window.kind,
      usedPercent: window.usedPercent,
      windowMinutes: window.length / minute,
      resetsAt: isoOrNull(window.resetsAt),
      observedAt: iso(window.observedAt),
    })),
  },
  lastUsedAt: isoOrNull(account.lastUsedAt),
})

export const toViewForm = ({ accounts, pool }: View): t.TypeOf<typeof viewForm> => ({
  accounts: accounts.map(toAccountForm),
  pool: toPoolForm(pool),
})

export const toPoolForm = (pool: PoolView): t.TypeOf<typeof poolForm> => ({
  ...pool,
  active: O.toNullable(pool.active),
  pinned: O.toNullable(pool.pinned),
})
