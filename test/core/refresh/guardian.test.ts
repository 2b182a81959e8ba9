import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Pool from '../../../core/accounts/pool'
import * as Cooldown from '../../../core/health/cooldown'
import * as Guardian from '../../../core/refresh/guardian'
import { hour, minute, second, type Instant } from '../../../core/time'
import { noon } from '../../support/routing'
import { accountOf } from '../../support/tokens'

const buffer = 5 * minute

const account = (
  name: string,
  expiresAt: Instant,
  given: Partial<Account.Account> = {},
): Account.Account => {
  const person = { accountId: `acc-${name}`, userId: 'user', email: `${name}@mail.test` }
  const made = accountOf(person, noon - hour, name)
  return { ...made, credential: { ...made.credential, expiresAt: O.some(expiresAt) }, ...given }
}

const soon = noon + 2 * minute
const ready = () => Cooldown.ready

const next = (
  accounts: ReadonlyArray<Account.Account>,
  rests: Guardian.Rests = new Map(),
  cooldownOf: (key: string) => Cooldown.Cooldown = ready,
): string | undefined =>
  O.toUndefined(
    O.map(({ email }: Account.Account) => O.toUndefined(email))(
      Guardian.next(noon, buffer, rests)({ ...Pool.empty, accounts }, cooldownOf),
    ),
  )

describe('next', () => {
  it('is the account whose token ends soonest, of those that end within the buffer', () => {
    expect(next([account('ada', soon), account('grace', soon - 1)])).toBe('grace@mail.test')
    expect(next([account('ada', noon - hour), account('grace', soon)])).toBe('ada@mail.test')
    expect(next([account('ada', noon + buffer + second)])).toBeUndefined()
    expect(next([])).toBeUndefined()
  })

  it.each([
    { name: 'that is disabled', given: { enabled: false } },
    { name: 'that needs a sign-in', given: { invalidation: O.some({ at: noon, code: 'gone' }) } },
    {
      name: 'of whose token no end is known',
      given: { credential: { ...account('x', soon).credential, expiresAt: O.none } },
    },
    {
      name: 'that has no token that could end',
      given: {
        credential: { ...account('x', soon).credential, access: O.none, expiresAt: O.none },
      },
    },
  ])('is no account $name', ({ given }) => {
    expect(next([account('ada', soon, given)])).toBeUndefined()
  })

  it('is no account that is cooling down', () => {
    const cooling = Cooldown.cooling(noon + 1, 'rate-limited')
    expect(next([account('ada', soon)], new Map(), () => cooling)).toBeUndefined()
  })

  it('is no account that rests after a failure', () => {
    const ada = account('ada', soon)
    const rests = (until: Instant) => new Map([[Account.key(ada), { until, failures: 1 }]])
    expect(next([ada], rests(noon + 1))).toBeUndefined()
    expect(next([ada], rests(noon))).toBe('ada@mail.test')
  })
})

describe('failed', () => {
  it.each([
    { status: O.some(429), spans: [minute, minute] },
    { status: O.some(403), spans: [30 * second, minute, 1.5 * minute] },
    { status: O.some(500), spans: [6 * second, 6 * second] },
    { status: O.none, spans: [6 * second] },
  ])('rests for $spans after $status', ({ status, spans }) => {
    let rest: Guardian.Rest | undefined
    for (const span of spans) {
      rest = Guardian.failed(noon, buffer, status)(rest)
      expect(rest.until - noon).toBe(span)
    }
  })

  it('rests no longer than the buffer', () => {
    const before = { until: noon, failures: 99 }
    expect(Guardian.failed(noon, buffer, O.some(400))(before).until).toBe(noon + buffer)
  })
})
