import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Credential from '../../../core/accounts/credential'
import * as Pool from '../../../core/accounts/pool'
import * as Sync from '../../../core/official/sync'
import { aPool, anInstant } from '../../support/arbitraries'
import { accountOf } from '../../support/tokens'

const now = Date.UTC(2026, 10, 22)
const person = (name: string) => ({
  ...{ accountId: `acc-${name}`, userId: `user-${name}`, email: `${name}@mail.test` },
})
const [ada, grace, zoe] = ['ada', 'grace', 'zoe'].map((name) => accountOf(person(name), now, name))
if (ada === undefined || grace === undefined || zoe === undefined) throw new Error('nobody')

const poolOf = (...accounts: ReadonlyArray<Account.Account>): Pool.Pool =>
  accounts.reduce((pool, account) => Pool.signIn(account)(pool), Pool.empty)

/** Ada is the active one. */
const both = poolOf(grace, ada)
const lost = Account.invalidated({ at: now, code: 'refresh_token_reused' })

const signInOf = (
  account: Account.Account,
  change: Partial<Credential.Credential> = {},
  isSpent = false,
): Sync.Held => ({
  _tag: 'SignIn',
  key: Account.key(account),
  credential: { ...account.credential, ...change },
  isSpent,
})

/** Of the same account, with another refresh token that was made at another time. */
const other = (refreshedAt: number) => ({
  refresh: Credential.secret('other'),
  refreshedAt: O.some(refreshedAt),
})

const missing: Sync.Held = { _tag: 'Missing' }
const started: Sync.Occasion = { _tag: 'Started' }
const renewing: Sync.Occasion = { _tag: 'Renewing' }
const signedIn: Sync.Occasion = { _tag: 'SignedIn', before: both }
const loggedOut: Sync.Occasion = { _tag: 'LoggedOut' }
const switched: Sync.Occasion = { _tag: 'Switched', isShimAhead: false }
const behindShim: Sync.Occasion = { _tag: 'Switched', isShimAhead: true }

const decide = (given: Partial<Sync.Situation>): string => {
  const step = Sync.decide({
    ...{ mode: 'auto', occasion: started, held: missing, wasSeen: true, pool: both },
    ...given,
  })
  switch (step._tag) {
    case 'Leave':
    case 'Guard':
      return step._tag
    case 'Adopt':
      return `Adopt ${step.key}`
    case 'Renew':
      return `Renew ${Account.name(step.account)}`
    case 'SignIn':
      return `SignIn ${Account.name(step.account)}`
  }
}

describe('auto', () => {
  it.each<{ name: string; given: Partial<Sync.Situation>; expected: string }>([
    {
      name: 'a start, none ever seen',
      given: { wasSeen: false },
      expected: 'SignIn ada@mail.test',
    },
    { name: 'a start after a logout', given: {}, expected: 'Leave' },
    {
      name: 'a login after a logout',
      given: { occasion: signedIn },
      expected: 'SignIn ada@mail.test',
    },
    {
      name: 'a switch after a logout, behind the shim too',
      given: { occasion: behindShim },
      expected: 'SignIn ada@mail.test',
    },
    {
      name: 'a refresh, none ever seen',
      given: { occasion: renewing, wasSeen: false },
      expected: 'Leave',
    },
    { name: 'nobody to sign in', given: { wasSeen: false, pool: Pool.empty }, expected: 'Leave' },
    {
      name: 'an active account that is lost',
      given: { wasSeen: false, pool: poolOf(grace, lost(ada)) },
      expected: 'Leave',
    },
    { name: 'another sign-in, a start', given: { held: signInOf(grace) }, expected: 'Leave' },
    {
      name: 'another sign-in, a login',
      given: { held: signInOf(grace), occasion: signedIn },
      expected: 'Leave',
    },
    {
      name: 'another sign-in, a switch behind the shim',
      given: { held: signInOf(grace), occasion: behindShim },
      expected: 'Leave',
    },
    {
      name: 'another sign-in, a switch with no shim in front',
      given: { held: signInOf(grace), occasion: switched },
      expected: 'SignIn ada@mail.test',
    },
    {
      name: 'the active one already, a switch',
      given: { held: signInOf(ada), occasion: switched },
      expected: 'Leave',
    },
    {
      name: 'a sign-in kept nowhere else, a switch',
      given: { held: signInOf(zoe), occasion: switched },
      expected: 'Guard',
    },
    {
      name: 'a key of the person’s, a switch',
      given: { held: { _tag: 'Foreign' }, occasion: switched },
      expected: 'Leave',
    },
    {
      name: 'newer tokens',
      given: { held: signInOf(grace, other(now + 1)) },
      expected: `Adopt ${Account.key(grace)}`,
    },
    { name: 'older tokens', given: { held: signInOf(grace, other(now - 1)) }, expected: 'Leave' },
    {
      name: 'newer tokens that cannot be renewed',
      given: { held: signInOf(grace, { ...other(now + 1), refresh: Credential.secret('') }) },
      expected: 'Leave',
    },
    {
      name: 'a token that we have spent, in a refresh',
      given: { held: signInOf(grace, other(now - 1), true), occasion: renewing },
      expected: 'Renew grace@mail.test',
    },
    {
      name: 'a token that we have spent, with a later time on it',
      given: { held: signInOf(grace, other(now + 1), true) },
      expected: 'Renew grace@mail.test',
    },
    {
      name: 'a token that we are about to spend',
      given: { held: signInOf(grace, {}, true), occasion: renewing },
      expected: 'Leave',
    },
    {
      name: 'a dead one, a start',
      given: { held: signInOf(grace), pool: poolOf(lost(grace), ada) },
      expected: 'Leave',
    },
    {
      name: 'a dead one, a login of another',
      given: { held: signInOf(grace), pool: poolOf(lost(grace), ada), occasion: signedIn },
      expected: 'SignIn ada@mail.test',
    },
    {
      name: 'a dead one, a login of the same',
      given: {
        held: signInOf(grace, other(now - 1)),
        occasion: {
          _tag: 'SignedIn',
          before: poolOf(
            lost({ ...grace, credential: { ...grace.credential, ...other(now - 1) } }),
          ),
        },
      },
      expected: 'Renew grace@mail.test',
    },
    {
      name: 'a dead one, a switch behind the shim',
      given: { held: signInOf(grace), pool: poolOf(lost(grace), ada), occasion: behindShim },
      expected: 'SignIn ada@mail.test',
    },
    {
      name: 'a sign-in that we ended',
      given: { held: signInOf(zoe, {}, true), occasion: loggedOut },
      expected: 'SignIn ada@mail.test',
    },
    {
      name: 'a sign-in that we ended, and nobody is left',
      given: { held: signInOf(zoe, {}, true), occasion: loggedOut, pool: Pool.empty },
      expected: 'Leave',
    },
    {
      name: 'a sign-in of an account that we forgot without ending it',
      given: { held: signInOf(zoe), occasion: loggedOut },
      expected: 'Leave',
    },
    { name: 'no file, a logout of ours', given: { occasion: loggedOut }, expected: 'Leave' },
    {
      name: 'a dead one in no pool, a login',
      given: { held: signInOf(zoe, {}, true), occasion: signedIn },
      expected: 'SignIn ada@mail.test',
    },
  ])('$name: $expected', ({ given, expected }) => {
    expect(decide(given)).toBe(expected)
  })
})

describe('always', () => {
  it.each([
    { name: 'a start', occasion: started, held: signInOf(grace), expected: 'SignIn ada@mail.test' },
    {
      name: 'a login',
      occasion: signedIn,
      held: signInOf(grace),
      expected: 'SignIn ada@mail.test',
    },
    {
      name: 'behind a shim',
      occasion: behindShim,
      held: signInOf(grace),
      expected: 'SignIn ada@mail.test',
    },
    { name: 'a refresh', occasion: renewing, held: signInOf(grace), expected: 'Leave' },
    { name: 'a logout', occasion: started, held: missing, expected: 'Leave' },
    { name: 'one kept nowhere else', occasion: started, held: signInOf(zoe), expected: 'Guard' },
  ])('$name: $expected', ({ occasion, held, expected }) => {
    expect(decide({ mode: 'always', occasion, held })).toBe(expected)
  })
})

const aHeld = (pool: Pool.Pool): fc.Arbitrary<Sync.Held> =>
  fc.oneof(
    fc.constant(missing),
    fc.constant<Sync.Held>({ _tag: 'Foreign' }),
    fc
      .tuple(
        fc.constantFrom(...pool.accounts, zoe),
        fc.boolean(),
        fc.option(anInstant),
        fc.boolean(),
      )
      .map(([account, isSpent, at, isOwn]) =>
        signInOf(
          account,
          {
            ...(isOwn ? {} : { refresh: Credential.secret('other') }),
            refreshedAt: O.fromNullable(at),
          },
          isSpent,
        ),
      ),
  )

const aSituation: fc.Arbitrary<Sync.Situation> = aPool.chain((pool) =>
  fc.record({
    mode: fc.constantFrom(...Sync.modes),
    occasion: fc.constantFrom(started, renewing, loggedOut, switched, behindShim, {
      ...{ _tag: 'SignedIn' as const, before: pool },
    }),
    held: aHeld(pool),
    wasSeen: fc.boolean(),
    pool: fc.constant(pool),
  }),
)

const stepOf = (situation: Sync.Situation) => ({ situation, step: Sync.decide(situation) })

const law = (holds: (decided: ReturnType<typeof stepOf>) => boolean): void =>
  fc.assert(fc.property(aSituation, (situation) => holds(stepOf(situation))))

const writes = ({ _tag }: Sync.Step): boolean => _tag === 'Renew' || _tag === 'SignIn'

it('never writes in mode never', () => {
  law(({ situation, step }) => situation.mode !== 'never' || !writes(step))
})

it('never writes over an API key or what it cannot read', () => {
  law(({ situation, step }) => situation.held._tag !== 'Foreign' || step._tag === 'Leave')
})

it('never makes the CLI another person in the middle of a run', () => {
  law(({ situation, step }) => situation.occasion._tag !== 'Renewing' || step._tag !== 'SignIn')
})

it('never writes over a living sign-in that is in no pool', () => {
  law(
    ({ situation: { held, pool }, step }) =>
      held._tag !== 'SignIn' ||
      held.isSpent ||
      O.isSome(Pool.find(held.key)(pool)) ||
      !writes(step),
  )
})

it('never respects a logout less than until a person chooses an account', () => {
  law(
    ({ situation: { held, occasion, wasSeen }, step }) =>
      held._tag !== 'Missing' ||
      !wasSeen ||
      occasion._tag === 'SignedIn' ||
      occasion._tag === 'Switched' ||
      step._tag === 'Leave',
  )
})

it('never writes an account that cannot serve, nor a token that the file holds already', () => {
  law(({ situation: { held }, step }) => {
    if (step._tag !== 'Renew' && step._tag !== 'SignIn') return true
    const { credential, enabled } = step.account
    const isThere =
      held._tag === 'SignIn' && Credential.sameSecret(held.credential.refresh, credential.refresh)
    return enabled && !Account.needsSignIn(step.account) && !isThere
  })
})

it('never takes a spent token, or an older one, into the pool', () => {
  law(({ situation: { held, pool }, step }) => {
    if (step._tag !== 'Adopt' || held._tag !== 'SignIn') return step._tag !== 'Adopt'
    const own = Pool.find(step.key)(pool)
    return (
      !held.isSpent &&
      O.isSome(own) &&
      Credential.newest(own.value.credential, step.credential) === step.credential
    )
  })
})

it('never leaves a file with a token that was spent for one that serves, but in mode never', () => {
  law(({ situation: { held, mode, pool }, step }) => {
    if (held._tag !== 'SignIn' || !held.isSpent || mode === 'never') return true
    const own = Pool.find(held.key)(pool)
    if (O.isNone(own) || !own.value.enabled || Account.needsSignIn(own.value)) return true
    return Credential.sameSecret(own.value.credential.refresh, held.credential.refresh)
      ? true
      : step._tag === 'Renew'
  })
})
