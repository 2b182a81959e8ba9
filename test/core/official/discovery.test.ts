import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Discovery from '../../../core/official/discovery'

const row = (origin: unknown, override: unknown) => ({
  id: 'acc-1',
  workspace_backend_origin: origin,
  account_routing_override: override,
})

const nothing = { origin: O.none, override: O.none }

it.each([
  { name: 'no constraint', row: row('NO_CONSTRAINT', 'NO_CONSTRAINT'), expected: nothing },
  {
    name: 'another origin and a region',
    row: row('https://eu.chatgpt.com', 'us_cr'),
    expected: { origin: O.some('https://eu.chatgpt.com'), override: O.some('us_cr') },
  },
  {
    name: 'an origin with a slash',
    row: row('https://eu.chatgpt.com/', 'us'),
    expected: { origin: O.some('https://eu.chatgpt.com'), override: O.some('us') },
  },
  { name: 'plain http', row: row('http://eu.chatgpt.com', null), expected: nothing },
  { name: 'a path', row: row('https://eu.chatgpt.com/x', null), expected: nothing },
  { name: 'a name and password', row: row('https://a:b@eu.chatgpt.com', null), expected: nothing },
  { name: 'no address', row: row('eu', 7), expected: nothing },
  { name: 'a header in the header', row: row(null, 'us\r\nx: y'), expected: nothing },
  { name: 'no field', row: { id: 'acc-1' }, expected: nothing },
])('reads $name', ({ row, expected }) => {
  const read = Discovery.routeOf('acc-1')
  expect(read({ accounts: [{ id: 'other' }, row] })).toEqual(O.some(expected))
  expect(read({ accounts: { any: row } })).toEqual(O.some(expected))
})

it.each([null, [], 'x', {}, { accounts: null }, { accounts: [null, 7, { id: 'other' }] }])(
  'knows nothing of an account in %j',
  (answer) => {
    expect(Discovery.routeOf('acc-1')(answer)).toEqual(O.none)
  },
)

it('answers with a list that names the account, and a foreign https origin', () => {
  expect(JSON.parse(Discovery.minimalAnswer('acc-1'))).toEqual({
    accounts: [
      {
        id: 'acc-1',
        workspace_backend_origin: 'https://chatgpt.com',
        account_routing_override: 'NO_CONSTRAINT',
      },
    ],
  })
})

it('reads its own answer for any account id', () => {
  fc.assert(
    fc.property(fc.string(), (id) => {
      const answer: unknown = JSON.parse(Discovery.minimalAnswer(id))
      const expected = O.some({ origin: O.some('https://chatgpt.com'), override: O.none })
      expect(Discovery.routeOf(id)(answer)).toEqual(expected)
    }),
  )
})

it('never fails, whatever the answer', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (answer) => {
      expect(['Some', 'None']).toContain(Discovery.routeOf('acc-1')(answer)._tag)
    }),
  )
})
