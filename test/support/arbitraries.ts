/** Pools and what they are made of, built by our own constructors. */
import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Account from '../../core/accounts/account'
import * as Pool from '../../core/accounts/pool'
import type { Instant } from '../../core/time'
import { accountOf, credentialOf, type Person } from './tokens'

export const anInstant: fc.Arbitrary<Instant> = fc.integer({
  min: 1_700_000_000_000,
  max: 1_900_000_000_000,
})

/** Few ids, mails and users, so that accounts meet: one mail in two workspaces, one workspace with two users. */
export const aPerson: fc.Arbitrary<Person> = fc
  .record({
    accountId: fc.constantFrom('acc-1', 'acc-2', 'acc-3'),
    userId: fc.constantFrom('user-a', 'user-b', undefined),
    email: fc.constantFrom('ada@mail.test', 'Ada@Mail.test ', 'bea@mail.test'),
    plan: fc.constantFrom('plus', 'team', 'pro', undefined),
  })
  .map(({ userId, plan, ...known }) => ({
    ...known,
    ...(userId === undefined ? {} : { userId }),
    ...(plan === undefined ? {} : { plan }),
  }))

export const aSignIn: fc.Arbitrary<Account.Account> = fc
  .tuple(aPerson, anInstant, fc.string({ minLength: 1, maxLength: 8 }))
  .map(([person, at, name]) => accountOf(person, at, name))

export const anInvalidation: fc.Arbitrary<Account.Invalidation> = fc.record({
  at: anInstant,
  code: fc.constantFrom('token_revoked', 'refresh_token_reused'),
})

/** What happens to a pool: each is one of its transitions, on whatever account the number falls on. */
const aStep: fc.Arbitrary<(pool: Pool.Pool) => Pool.Pool> = fc.oneof(
  { weight: 4, arbitrary: aSignIn.map((account) => Pool.signIn(account)) },
  fc.nat({ max: 5 }).map((number) => onAccount(number, (key) => Pool.pin(key))),
  fc.constant(Pool.unpin),
  fc
    .tuple(fc.nat({ max: 5 }), anInstant)
    .map(([number, at]) => onAccount(number, (key) => (pool) => renewed(key, at)(pool))),
  fc
    .tuple(fc.nat({ max: 5 }), anInvalidation)
    .map(([number, invalidation]) =>
      onAccount(number, (key) => Pool.invalidate(key, O.none, invalidation)),
    ),
)

const onAccount =
  (
    number: number,
    step: (key: string) => (pool: Pool.Pool) => ReturnType<ReturnType<typeof Pool.pin>>,
  ) =>
  (pool: Pool.Pool): Pool.Pool => {
    const account = pool.accounts[number]
    return account === undefined ? pool : step(Account.key(account))(pool).unwrapOr(pool)
  }

/** With tokens that name the same account, as the issuer's do. */
const renewed =
  (key: string, at: Instant) =>
  (pool: Pool.Pool): ReturnType<ReturnType<typeof Pool.refreshed>> => {
    const person = O.match(() => ({}), personOf)(Pool.find(key)(pool))
    return Pool.refreshed(key, credentialOf(person, at, `renewed-${at}`))(pool)
  }

const personOf = (account: Account.Account): Person => ({
  accountId: account.identity.accountId,
  ...(Account.hasUserId(account) ? { userId: account.identity.user } : {}),
  ...(O.isSome(account.email) ? { email: account.email.value } : {}),
  ...(O.isSome(account.plan) ? { plan: account.plan.value } : {}),
})

/** A pool as a life of sign-ins, switches and refusals leaves it. */
export const aPool: fc.Arbitrary<Pool.Pool> = fc
  .array(aStep, { maxLength: 12 })
  .map((steps) => steps.reduce((pool, step) => step(pool), Pool.empty))

/** One with at least one account. */
export const aFilledPool: fc.Arbitrary<Pool.Pool> = fc
  .tuple(aPool, aSignIn)
  .map(([pool, account]) => Pool.signIn(account)(pool))
