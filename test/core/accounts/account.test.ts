import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Credential from '../../../core/accounts/credential'
import type { Instant } from '../../../core/time'
import { anOption, aroundNoon, noon } from '../../support/routing'
import { credentialOf, jwt, payloadOf } from '../../support/tokens'

/** Signed in at noon; `iat` is when its token says that it was made. */
const accountOf = (plan: string | undefined, iat?: Instant): Account.Account => {
  const person = { accountId: 'acc-1', userId: 'user-a', ...(plan === undefined ? {} : { plan }) }
  const stamp = iat === undefined ? {} : { iat: iat / 1_000 }
  const access = Credential.secret(jwt({ ...payloadOf(person), ...stamp }))
  const credential = { ...credentialOf(person, noon), access: O.some(access) }
  return Account.ofSignIn(noon, credential)._unsafeUnwrap()
}

describe('the plan of an account', () => {
  const told = (name: string, at: Instant) => O.some({ name, at })
  it.each([
    { name: 'is its token’s', account: accountOf('plus', noon), told: O.none, expected: 'plus' },
    {
      name: 'is what was told since',
      account: accountOf('plus', noon),
      told: told('pro', noon + 1_000),
      expected: 'pro',
    },
    {
      name: 'is what was told at the same time, as the backend knows best',
      account: accountOf('plus', noon),
      told: told('pro', noon),
      expected: 'pro',
    },
    {
      name: 'is that of a token made later',
      account: accountOf('plus', noon),
      told: told('pro', noon - 1_000),
      expected: 'plus',
    },
    {
      name: 'is that of a token that came later and does not say when it was made',
      account: accountOf('plus'),
      told: told('pro', noon - 1_000),
      expected: 'plus',
    },
    {
      name: 'is what was told, where the token names none',
      account: accountOf(undefined, noon),
      told: told('pro', noon - 1_000),
      expected: 'pro',
    },
    {
      name: 'is unknown where nobody tells',
      account: accountOf(undefined, noon),
      told: O.none,
      expected: undefined,
    },
  ])('$name', ({ account, told, expected }) => {
    expect(O.toUndefined(Account.planNow(told)(account))).toBe(expected)
  })

  it('is known as soon as one of the two is', () => {
    const aPlan = fc.constantFrom('plus', 'pro')
    const aTold = anOption(fc.record({ name: aPlan, at: aroundNoon }))
    const aClaim = fc.option(aPlan, { nil: undefined })
    fc.assert(
      fc.property(aClaim, aTold, aroundNoon, (claim, told, iat) => {
        const plan = O.toUndefined(Account.planNow(told)(accountOf(claim, iat)))
        const names = [claim, ...(O.isSome(told) ? [told.value.name] : [])]
        const known = names.filter((name) => name !== undefined)
        expect(known.length === 0 ? [undefined] : known).toContain(plan)
      }),
    )
  })
})
