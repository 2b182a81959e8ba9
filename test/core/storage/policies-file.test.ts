import * as fc from 'fast-check'
import * as Policy from '../../../core/accounts/policy'
import * as PoliciesFile from '../../../core/storage/policies-file'
import { aPolicy } from '../../support/policies'

const read = (text: string): Policy.Policies => PoliciesFile.parse(text)._unsafeUnwrap()

it('are the same policies when written and read again', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), aPolicy, { noNullPrototype: true }), (policies) => {
      expect(read(PoliciesFile.print(policies)('{}'))).toEqual(policies)
    }),
  )
})

it('stand beside what another tool keeps there, and keep what they do not know', () => {
  const foreign = { version: 1, policies: { '9f86d081': { weight: 3, drained: true } } }
  const before = { ...foreign, byAccount: { 'a/u': { weight: 2, colour: 'red' }, 'b/u': {} } }
  const policies = read(JSON.stringify(before))
  expect(policies['a/u']).toEqual({ ...Policy.standard, weight: 2 })
  const paused = Policy.set('a/u', { ...Policy.of('a/u')(policies), paused: true })(policies)
  const after = JSON.parse(PoliciesFile.print(paused)(JSON.stringify(before)))
  expect(after).toMatchObject({
    ...foreign,
    byAccount: { 'a/u': { weight: 2, paused: true, colour: 'red' } },
  })
})

it('are made fit where a person has written what nothing leads to', () => {
  const written = { byAccount: { 'a/u': { weight: 99, tier: 1.4 } } }
  expect(read(JSON.stringify(written))['a/u']).toEqual({ ...Policy.standard, weight: 10, tier: 1 })
})

it.each(['', '[]', 'null', '{"byAccount":[]}', '{"byAccount":{"a/u":{"weight":"2"}}}'])(
  '%s holds none',
  (text) => {
    expect(PoliciesFile.parse(text).isErr()).toBe(true)
  },
)
