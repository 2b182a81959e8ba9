/**
 * The set of a person's accounts, with the active one and the pin; what is stored.
 * Accounts are found by key, in an order that people see as numbers from 1 and nothing relies on.
 */
import * as O from 'fp-ts/Option'
import { err, ok, type Result } from 'neverthrow'
import type { Notice } from '../storage/notice'
import type { Instant } from '../time'
import * as Account from './account'
import * as Credential from './credential'
import * as Flagged from './flagged'
import type { AccountKey } from './identity'
import * as Label from './label'

export interface Pool {
  readonly accounts: ReadonlyArray<Account.Account>
  /** Last chosen by a person: by `login`, `switch` or `best`. Routing never changes it. */
  readonly active: O.Option<AccountKey>
  /** Preferred by routing while it can serve. */
  readonly pinned: O.Option<AccountKey>
  /** Grows with each deliberate choice, so that running processes let go of older ties. */
  readonly affinityGeneration: number
  /** The existing tool keeps an active account for each model family; kept for it, unread by us. */
  readonly activeByFamily: Readonly<Record<string, AccountKey>>
  readonly stored: Readonly<Record<string, unknown>>
  /** Accounts set aside, none of which is among `accounts`. Stored in a file of their own. */
  readonly flagged: ReadonlyArray<Flagged.Flagged>
  /** What was found out when it was read. Not stored. */
  readonly notices: ReadonlyArray<Notice>
}

export interface NoSuchAccount {
  readonly _tag: 'NoSuchAccount'
  readonly key: AccountKey
}

export const empty: Pool = {
  accounts: [],
  active: O.none,
  pinned: O.none,
  affinityGeneration: 0,
  activeByFamily: {},
  stored: {},
  flagged: [],
  notices: [],
}

export const find =
  (key: AccountKey) =>
  (pool: Pool): O.Option<Account.Account> =>
    O.fromNullable(pool.accounts.find((account) => Account.key(account) === key))

export const activeAccount = (pool: Pool): O.Option<Account.Account> =>
  O.isNone(pool.active) ? O.none : find(pool.active.value)(pool)

/** The number people see, from 1: those that are set aside come after the others. */
export const numberOf =
  (key: AccountKey) =>
  (pool: Pool): number => {
    const isIt = (account: Account.Account): boolean => Account.key(account) === key
    const at = pool.accounts.findIndex(isIt)
    if (at >= 0) return at + 1
    const aside = pool.flagged.findIndex(({ account }) => isIt(account))
    return aside < 0 ? 0 : pool.accounts.length + aside + 1
  }

/** With those that are set aside, where it is asked who is known here at all. */
export const withFlagged = (pool: Pool): Pool => ({
  ...pool,
  accounts: [...pool.accounts, ...pool.flagged.map(({ account }) => account)],
  flagged: [],
})

/** Beside which these are set aside: who is among its accounts is not. */
export const besideFlagged =
  (all: ReadonlyArray<Flagged.Flagged>) =>
  (pool: Pool): Pool => ({
    ...pool,
    flagged: Flagged.oneOfEach(all).filter(({ account }) => O.isNone(rowOf(account)(pool))),
  })

/** Has an account that was set aside among its accounts again, as one that needs a new sign-in. */
export const takeBack =
  (flagged: Flagged.Flagged) =>
  (pool: Pool): Pool =>
    O.isSome(rowOf(flagged.account)(pool))
      ? pool
      : besideFlagged(pool.flagged)(put(O.none, Flagged.marked(flagged))(pool))

export type SignedIn = { readonly _tag: 'Added' } | { readonly _tag: 'Updated' }

export const whatSignInDoes =
  (account: Account.Account) =>
  (pool: Pool): SignedIn =>
    O.isSome(rowOf(account)(pool)) ? { _tag: 'Updated' } : { _tag: 'Added' }

/**
 * Takes a fresh sign-in: a new account goes to the end, a known one keeps its place, label and
 * whatever its row holds beside. The account becomes the active one; a pin on another stays.
 */
export const signIn = (account: Account.Account): ((pool: Pool) => Pool) =>
  join(account, (known) =>
    // Stored once more after a fault, it may have been renewed by somebody meanwhile.
    Credential.isIssuedAfter(account.credential)(known.credential)
      ? known
      : Account.withCredential(asNewest(known.credential, account.credential))(known),
  )

/** Takes a sign-in that was made elsewhere, some time ago: what a known account holds may be newer. */
export const adopt = (account: Account.Account): ((pool: Pool) => Pool) =>
  join(account, (known) =>
    Credential.newest(known.credential, account.credential) === known.credential
      ? known
      : Account.withCredential(account.credential)(known),
  )

const join =
  (account: Account.Account, renew: (known: Account.Account) => Account.Account) =>
  (before: Pool): Pool => {
    const aside = before.flagged.find(Flagged.isOf(account))
    // It keeps its label, and what else its row holds.
    const pool = aside === undefined ? before : takeBack(aside)(before)
    const known = rowOf(account)(pool)
    const signedIn = O.isNone(known)
      ? account
      : { ...identified(account)(renew(known.value)), enabled: true }
    return activate(Account.key(signedIn))(put(known, signedIn)(pool))
  }

/** With who the other row says it is, where that says more. */
export const identified =
  ({ identity, email }: Account.Account) =>
  (known: Account.Account): Account.Account => {
    const hasUserId = Account.hasUserId({ ...known, identity, email })
    return {
      ...known,
      identity: hasUserId ? identity : known.identity,
      email: O.isSome(email) ? email : known.email,
    }
  }

/** In the place of the account that is known, else at the end. */
export const put =
  (known: O.Option<Account.Account>, account: Account.Account) =>
  (pool: Pool): Pool =>
    O.isNone(known)
      ? { ...pool, accounts: [...pool.accounts, account] }
      : {
          ...renamed(Account.key(known.value), Account.key(account))(pool),
          accounts: pool.accounts.map((other) => (other === known.value ? account : other)),
        }

/** The account a sign-in is for: of its very identity, else one that may be taken for it. */
export const rowOf =
  (account: Account.Account) =>
  (pool: Pool): O.Option<Account.Account> => {
    const same = find(Account.key(account))(pool)
    return O.isSome(same)
      ? same
      : O.fromNullable(pool.accounts.find((row) => Account.isSame(row, account)))
  }

/** Accounts that are in the pool and not in the other. */
export const missingFrom =
  (other: Pool) =>
  (pool: Pool): ReadonlyArray<Account.Account> => {
    const keys = new Set(other.accounts.map(Account.key))
    return pool.accounts.filter(
      (account) => !keys.has(Account.key(account)) && O.isNone(rowOf(account)(other)),
    )
  }

/** What was said of the account under its old key is said of it under the new one. */
const renamed =
  (from: AccountKey, to: AccountKey) =>
  (pool: Pool): Pool => {
    const rename = (key: AccountKey): AccountKey => (key === from ? to : key)
    return {
      ...pool,
      active: O.map(rename)(pool.active),
      pinned: O.map(rename)(pool.pinned),
      activeByFamily: Object.fromEntries(
        Object.entries(pool.activeByFamily).map(([family, key]) => [family, rename(key)]),
      ),
    }
  }

const activate =
  (key: AccountKey) =>
  (pool: Pool): Pool => ({
    ...pool,
    active: O.some(key),
    activeByFamily: Object.fromEntries(
      Object.keys(pool.activeByFamily).map((family) => [family, key]),
    ),
  })

/** `switch`: active and pinned; a disabled account is enabled, as the person asks for it by name. */
export const pin =
  (key: AccountKey) =>
  (pool: Pool): Result<Pool, NoSuchAccount> =>
    change(key, (account) => ({ ...account, enabled: true }))(pool).map((changed) => ({
      ...activate(key)(changed),
      pinned: O.some(key),
      affinityGeneration: pool.affinityGeneration + 1,
    }))

export const unpin = (pool: Pool): Pool =>
  O.isNone(pool.pinned)
    ? pool
    : { ...pool, pinned: O.none, affinityGeneration: pool.affinityGeneration + 1 }

/**
 * Forgets an account. When it was the active one, the first that is enabled and signed in takes its
 * place, else the first there is.
 */
export const remove =
  (key: AccountKey) =>
  (pool: Pool): Result<Pool, NoSuchAccount> => {
    if (O.isNone(find(key)(pool))) return err({ _tag: 'NoSuchAccount', key })
    const accounts = pool.accounts.filter((account) => Account.key(account) !== key)
    const isGone = (other: O.Option<AccountKey>): boolean => O.isSome(other) && other.value === key
    const next = nextActive(accounts)
    const kept: Pool = {
      ...(isGone(pool.pinned) ? unpin(pool) : pool),
      accounts,
      active: isGone(pool.active) ? next : pool.active,
      activeByFamily: Object.fromEntries(
        Object.entries(pool.activeByFamily).flatMap(([family, active]) => {
          const heir = active === key ? next : O.some(active)
          return O.isSome(heir) ? [[family, heir.value]] : []
        }),
      ),
    }
    return ok(kept)
  }

const nextActive = (accounts: ReadonlyArray<Account.Account>): O.Option<AccountKey> => {
  const first = accounts.find((one) => one.enabled && !Account.needsSignIn(one)) ?? accounts[0]
  return first === undefined ? O.none : O.some(Account.key(first))
}

export const enable =
  (key: AccountKey) =>
  (pool: Pool): Result<Pool, NoSuchAccount> =>
    setEnabled(key, true)(pool)

/** A pin on it is let go of; the active account stays the one last chosen. */
export const disable =
  (key: AccountKey) =>
  (pool: Pool): Result<Pool, NoSuchAccount> =>
    setEnabled(
      key,
      false,
    )(pool).map((disabled) =>
      O.isSome(pool.pinned) && pool.pinned.value === key ? unpin(disabled) : disabled,
    )

/** The pool itself when there is nothing to change. */
const setEnabled =
  (key: AccountKey, enabled: boolean) =>
  (pool: Pool): Result<Pool, NoSuchAccount> => {
    const known = find(key)(pool)
    return O.isSome(known) && known.value.enabled === enabled
      ? ok(pool)
      : change(key, (account) => ({ ...account, enabled }))(pool)
  }

/** Another account is called so already, and a label is there to tell them apart. */
export interface LabelTaken {
  readonly _tag: 'LabelTaken'
  readonly label: string
  /** Of the account that has it. */
  readonly number: number
}

/** Gives the account a label, or takes it away. Labels that differ in case alone are one. */
export const relabel =
  (key: AccountKey, label: O.Option<string>) =>
  (pool: Pool): Result<Pool, NoSuchAccount | LabelTaken> => {
    const owner = O.isSome(label) ? labelled(label.value, key)(pool) : O.none
    return O.isSome(label) && O.isSome(owner)
      ? err({
          _tag: 'LabelTaken',
          label: label.value,
          number: numberOf(Account.key(owner.value))(pool),
        })
      : change(key, (account) => ({ ...account, label }))(pool)
  }

const labelled =
  (label: string, except: AccountKey) =>
  (pool: Pool): O.Option<Account.Account> =>
    O.fromNullable(
      pool.accounts.find(
        (other) =>
          Account.key(other) !== except &&
          O.isSome(other.label) &&
          Label.isSame(other.label.value, label),
      ),
    )

/** Stores a refreshed credential, unless the account holds one that was issued later. */
export const refreshed =
  (key: AccountKey, credential: Credential.Credential) =>
  (pool: Pool): Result<Pool, NoSuchAccount> =>
    change(key, (account) =>
      Credential.newest(credential, account.credential) === credential
        ? Account.withCredential(credential)(account)
        : account,
    )(pool)

/**
 * Stores what the refresh token `spent` was given for. While the account still holds that token the
 * new credential takes its place whatever the two say of their age, as the old one is worth nothing.
 */
export const renewed =
  (key: AccountKey, spent: Credential.Secret, credential: Credential.Credential) =>
  (pool: Pool): Result<Pool, NoSuchAccount> => {
    const known = find(key)(pool)
    if (O.isNone(known) || !Credential.sameSecret(known.value.credential.refresh, spent)) {
      return refreshed(key, credential)(pool)
    }
    return change(key, (account) =>
      Account.withCredential(asNewest(account.credential, credential))(account),
    )(pool)
  }

/** What was got now is as new as anything there is, though the clock may have been set back. */
const asNewest = (
  { refreshedAt }: Credential.Credential,
  credential: Credential.Credential,
): Credential.Credential => {
  const told = O.getOrElse(() => 0)(credential.refreshedAt)
  return O.isNone(refreshedAt) || told >= refreshedAt.value
    ? credential
    : { ...credential, refreshedAt }
}

/**
 * Marks a sign-in as taken back, unless the account has another access token than the refused one:
 * then a newer sign-in or refresh has won, and the refusal is not about it.
 */
export const invalidate =
  (key: AccountKey, refused: O.Option<string>, invalidation: Account.Invalidation) =>
  (pool: Pool): Result<Pool, NoSuchAccount> =>
    change(key, (account) =>
      O.isSome(refused) && Credential.differsFrom(refused.value)(account.credential)
        ? account
        : Account.invalidated(invalidation)(account),
    )(pool)

const change =
  (key: AccountKey, by: (account: Account.Account) => Account.Account) =>
  (pool: Pool): Result<Pool, NoSuchAccount> =>
    O.isNone(find(key)(pool))
      ? err({ _tag: 'NoSuchAccount', key })
      : ok({
          ...pool,
          accounts: pool.accounts.map((account) =>
            Account.key(account) === key ? by(account) : account,
          ),
        })

/** When sign-ins that are lost were taken back, whichever process has seen it. */
export const losses = (pool: Pool): ReadonlyArray<Instant> =>
  pool.accounts.flatMap(({ invalidation }) =>
    O.isSome(invalidation) ? [invalidation.value.at] : [],
  )
