import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Claims from '../../../core/auth/claims'
import { jwt } from '../../support/tokens'

const auth = 'https://api.openai.com/auth'
const profile = 'https://api.openai.com/profile'

it.each([
  {
    name: 'an identity token',
    payload: {
      email: 'Ada@mail.test',
      exp: 1_790_000_000,
      [auth]: { chatgpt_account_id: 'acc-1', chatgpt_user_id: 'user-a', chatgpt_plan_type: 'plus' },
    },
    expected: {
      ...{ accountId: 'acc-1', userId: 'user-a', email: 'Ada@mail.test', plan: 'plus' },
      expiresAt: 1_790_000_000_000,
    },
  },
  {
    name: 'an access token, whose e-mail is in its profile',
    payload: {
      [auth]: { chatgpt_account_id: 'acc-1', user_id: 'user-a' },
      [profile]: { email: 'a@b.c' },
    },
    expected: { accountId: 'acc-1', userId: 'user-a', email: 'a@b.c' },
  },
  {
    name: 'a token with organisations, which are no accounts',
    payload: {
      [auth]: { organizations: [{ id: 'org-1', is_default: true }], organization_id: 'org-1' },
    },
    expected: {},
  },
  {
    name: 'nulls',
    payload: { email: null, exp: null, [auth]: { chatgpt_account_id: null } },
    expected: {},
  },
  { name: 'nothing', payload: {}, expected: {} },
  { name: 'no record', payload: [], expected: {} },
  { name: 'a wrong type', payload: { email: 7 }, expected: {} },
])('reads $name', ({ payload, expected }) => {
  const claims = Claims.ofToken(jwt(payload))
  const shown = Object.fromEntries(
    Object.entries(claims).flatMap(([key, value]) => (O.isSome(value) ? [[key, value.value]] : [])),
  )
  expect(shown).toEqual(expected)
})

it('reads letters of every alphabet', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (email) => {
      expect(Claims.ofToken(jwt({ email })).email).toEqual(O.some(email))
    }),
  )
})

it('finds no claims in what is no token, and does not mind', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(fc.string()).map((parts) => parts.join('.')),
      ),
      (text) => {
        expect(Claims.ofToken(text).accountId).toEqual(O.none)
      },
    ),
  )
})

it('takes each thing from the first that knows it', () => {
  const first = { ...Claims.none, email: O.some('a'), plan: O.none }
  const second = { ...Claims.none, email: O.some('b'), plan: O.some('plus') }
  expect(Claims.orElse(second)(first)).toEqual({
    ...Claims.none,
    email: O.some('a'),
    plan: O.some('plus'),
  })
})
