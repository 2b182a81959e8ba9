import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { inspect } from 'node:util'
import * as Credential from '../../../core/accounts/credential'
import { anInstant } from '../../support/arbitraries'
import { anOption } from '../../support/routing'
import { jwt } from '../../support/tokens'

const credential = (given: Partial<Credential.Credential> = {}): Credential.Credential => ({
  access: O.some(Credential.secret('access')),
  refresh: Credential.secret('refresh'),
  id: O.none,
  expiresAt: O.none,
  refreshedAt: O.none,
  ...given,
})

const madeAt = (iat: number) => O.some(Credential.secret(jwt({ iat })))

const aCredential: fc.Arbitrary<Credential.Credential> = fc
  .tuple(fc.string(), anOption(anInstant), anOption(anInstant))
  .map(([name, expiresAt, refreshedAt]) =>
    credential({ refresh: Credential.secret(name), expiresAt, refreshedAt }),
  )

describe('a secret', () => {
  it('prints as [secret] wherever it strays', () => {
    const secret = Credential.secret('rt_value')
    for (const printed of [
      `${secret}`,
      String(secret),
      JSON.stringify({ secret }),
      inspect(secret),
    ]) {
      expect(printed).not.toContain('rt_value')
    }
    expect(`${secret}`).toBe('[secret]')
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}')
    expect(secret.reveal()).toBe('rt_value')
  })
})

describe('isFresh', () => {
  it.each([
    { name: 'with more than the skew left', expiresAt: O.some(2_001), expected: true },
    { name: 'not with just the skew left', expiresAt: O.some(2_000), expected: false },
    { name: 'without a known end', expiresAt: O.none, expected: true },
  ])('$name', ({ expiresAt, expected }) => {
    expect(Credential.isFresh(1_000, 1_000)(credential({ expiresAt }))).toBe(expected)
  })

  it('is none without an access token', () => {
    expect(Credential.isFresh(0, 0)(credential({ access: O.none }))).toBe(false)
  })
})

describe('newest', () => {
  it.each([
    {
      name: 'the one refreshed last, though its token ends sooner',
      left: { refreshedAt: O.some(1), expiresAt: O.some(900) },
      right: { refreshedAt: O.some(2), expiresAt: O.some(100) },
      expected: 'right',
    },
    {
      name: 'the one that ends last, where one does not say when it was refreshed',
      left: { refreshedAt: O.some(5), expiresAt: O.some(100) },
      right: { expiresAt: O.some(900) },
      expected: 'right',
    },
    {
      name: 'the one the issuer made last, though our clock was set back meanwhile',
      left: { access: madeAt(2_000), refreshedAt: O.some(1) },
      right: { access: madeAt(1_000), refreshedAt: O.some(9) },
      expected: 'left',
    },
    {
      name: 'the one refreshed last, where the issuer made both within a second',
      left: { access: madeAt(2_000), refreshedAt: O.some(1) },
      right: { access: madeAt(2_000), refreshedAt: O.some(2) },
      expected: 'right',
    },
    { name: 'the first, when nothing tells', left: {}, right: {}, expected: 'left' },
  ])('is $name', ({ left, right, expected }) => {
    const pair = { left: credential(left), right: credential(right) }
    expect(Credential.newest(pair.left, pair.right) === pair.left ? 'left' : 'right').toBe(expected)
  })

  it('is one of the two, and never the one refreshed earlier', () => {
    fc.assert(
      fc.property(aCredential, aCredential, (left, right) => {
        const chosen = Credential.newest(left, right)
        const other = chosen === left ? right : left
        expect([left, right]).toContain(chosen)
        if (O.isSome(chosen.refreshedAt) && O.isSome(other.refreshedAt)) {
          expect(chosen.refreshedAt.value).toBeGreaterThanOrEqual(other.refreshedAt.value)
        }
      }),
    )
  })
})
