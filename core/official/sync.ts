/**
 * When the official CLI's sign-in file and the pool are brought together, and which way.
 *
 * A refresh token works once, so a file left with one that we have spent would cost the account when
 * the CLI spends it again; and a newer one in the file is the good one. Beyond that the file is the
 * person's: who the CLI is, and whose sessions it lists, changes only where the CLI could not go on
 * as it is, or where a person asked for it and the file is the only way.
 */
import * as O from 'fp-ts/Option'
import * as Account from '../accounts/account'
import * as Credential from '../accounts/credential'
import type { AccountKey } from '../accounts/identity'
import * as Pool from '../accounts/pool'

/** The setting `syncCodexCli`. */
export const modes = ['auto', 'always', 'never'] as const

export type Mode = (typeof modes)[number]

export type Occasion =
  /** With the pool as it was before, which may have known the file's token as dead. */
  | { readonly _tag: 'SignedIn'; readonly before: Pool.Pool }
  | { readonly _tag: 'Switched'; readonly isShimAhead: boolean }
  /** An account's sign-in was ended, which may have been the file's own. */
  | { readonly _tag: 'LoggedOut' }
  /** The official CLI is about to be started through us. */
  | { readonly _tag: 'Started' }
  /** In the lane of the refreshes: the CLI may be running, and must not find itself another person. */
  | { readonly _tag: 'Renewing' }

/** What the official file holds. */
export type Held =
  | { readonly _tag: 'Missing' }
  /** No ChatGPT sign-in, or one that we cannot read: the person's own business. */
  | { readonly _tag: 'Foreign' }
  | {
      readonly _tag: 'SignIn'
      readonly key: AccountKey
      readonly credential: Credential.Credential
      /** Its refresh token is one that we set out to spend, or that the issuer has refused. */
      readonly isSpent: boolean
    }

export interface Situation {
  readonly mode: Mode
  readonly occasion: Occasion
  readonly held: Held
  /** Whether there was ever a file; then a missing one is a logout. */
  readonly wasSeen: boolean
  readonly pool: Pool.Pool
}

export type Step =
  | { readonly _tag: 'Leave' }
  /** A person asked for another sign-in, but the file's own is kept nowhere else and would be lost. */
  | { readonly _tag: 'Guard' }
  /** The file's tokens are newer than the pool's of that account. */
  | {
      readonly _tag: 'Adopt'
      readonly key: AccountKey
      readonly credential: Credential.Credential
    }
  /** The same sign-in with the tokens that the pool holds. */
  | { readonly _tag: 'Renew'; readonly account: Account.Account }
  | {
      readonly _tag: 'SignIn'
      readonly account: Account.Account
      readonly instead: O.Option<AccountKey>
    }

const leave: Step = { _tag: 'Leave' }

export const decide = (situation: Situation): Step => {
  const { held } = situation
  switch (held._tag) {
    case 'Foreign':
      return leave
    case 'Missing':
      return isWanted(situation) ? signIn(situation, O.none) : leave
    case 'SignIn':
      return ofSignIn(situation, held)
  }
}

/** Of a missing file. A logout holds until a person chooses an account. */
const isWanted = ({ mode, occasion, wasSeen }: Situation): boolean =>
  mode !== 'never' && (isChoice(occasion) || (occasion._tag === 'Started' && !wasSeen))

const isChoice = ({ _tag }: Occasion): boolean => _tag === 'SignedIn' || _tag === 'Switched'

const mayReplaceDead = (occasion: Occasion): boolean =>
  isChoice(occasion) || occasion._tag === 'LoggedOut'

const ofSignIn = (situation: Situation, held: Extract<Held, { readonly _tag: 'SignIn' }>): Step => {
  const { mode, occasion, pool } = situation
  const { credential, key } = held
  const isSpent = held.isSpent || isDeadIn(before(situation))(held)
  const own = Pool.find(key)(pool)
  const isSame =
    O.isSome(own) && Credential.sameSecret(own.value.credential.refresh, credential.refresh)
  if (O.isSome(own) && !isSame && !isSpent && isNewer(credential, own.value.credential)) {
    return { _tag: 'Adopt', key, credential }
  }
  if (mode === 'never') return leave
  if (O.isSome(own) && !isSame && isSpent && canServe(own.value)) {
    return { _tag: 'Renew', account: own.value }
  }
  const isDead = isSame ? Account.needsSignIn(own.value) : isSpent
  if (isDead) return mayReplaceDead(occasion) ? signIn(situation, O.some(key)) : leave
  const isAskedFor =
    mode === 'always'
      ? occasion._tag !== 'Renewing'
      : occasion._tag === 'Switched' && !occasion.isShimAhead
  if (!isAskedFor || (O.isSome(pool.active) && pool.active.value === key)) return leave
  return O.isSome(own) ? signIn(situation, O.some(key)) : { _tag: 'Guard' }
}

const before = ({ occasion, pool }: Situation): Pool.Pool =>
  occasion._tag === 'SignedIn' ? occasion.before : pool

/** Whether the pool holds the very sign-in, and knows that it is over. */
const isDeadIn =
  (pool: Pool.Pool) =>
  ({ credential, key }: Extract<Held, { readonly _tag: 'SignIn' }>): boolean => {
    const own = Pool.find(key)(pool)
    return (
      O.isSome(own) &&
      Account.needsSignIn(own.value) &&
      Credential.sameSecret(own.value.credential.refresh, credential.refresh)
    )
  }

/** The CLI takes an empty refresh token; an account that cannot be renewed is none to keep. */
const isNewer = (theirs: Credential.Credential, ours: Credential.Credential): boolean =>
  theirs.refresh.reveal() !== '' && Credential.newest(ours, theirs) === theirs

const signIn = ({ pool }: Situation, instead: O.Option<AccountKey>): Step => {
  const active = Pool.activeAccount(pool)
  return O.isSome(active) && canServe(active.value)
    ? { _tag: 'SignIn', account: active.value, instead }
    : leave
}

const canServe = (account: Account.Account): boolean =>
  account.enabled && !Account.needsSignIn(account)
