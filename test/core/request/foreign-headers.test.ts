import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as ForeignHeaders from '../../../core/request/foreign-headers'
import * as Headers from '../../../core/request/headers'
import { someHeaders } from '../../support/headers'

const shaped = (headers: Headers.Headers, cacheKey?: string): Headers.Headers =>
  ForeignHeaders.shape(O.fromNullable(cacheKey))(headers)

const always: Headers.Headers = [
  ['accept', 'text/event-stream'],
  ['content-type', 'application/json'],
]

describe('the headers of a host', () => {
  it.each([
    'authorization',
    'x-api-key',
    'openai-organization',
    'openai-project',
    'x-opencode-title',
    'x-session-affinity',
    'x-parent-session-id',
    'content-encoding',
    'content-length',
  ])('go without %s', (name) => {
    expect(shaped([[name, 'x']])).toEqual(always)
  })

  it.each<{ name: string; given: Headers.Headers; cacheKey?: string; session?: string }>([
    { name: 'its own header', given: [['session-id', 's']], cacheKey: 'k', session: 's' },
    { name: 'the affinity header', given: [['x-session-id', 's']], session: 's' },
    { name: 'the cache key', given: [], cacheKey: 'k', session: 'k' },
    { name: 'nothing', given: [] },
    { name: 'nothing, when the key is no header', given: [], cacheKey: 'ü k' },
    { name: 'nothing, when the key is absurdly long', given: [], cacheKey: 'k'.repeat(300) },
  ])('name the session by $name', ({ given, cacheKey, session }) => {
    expect(Headers.get('session-id')(shaped(given, cacheKey))).toEqual(O.fromNullable(session))
  })

  it('keep what they do not know', () => {
    fc.assert(
      fc.property(someHeaders, fc.string(), (headers, value) => {
        const kept = Headers.get('x-odd')(shaped([...headers, ['x-odd', value]]))
        expect(kept).toEqual(Headers.get('x-odd')([...headers, ['x-odd', value]]))
      }),
    )
  })

  it('are the same shaped twice', () => {
    fc.assert(
      fc.property(someHeaders, (headers) => {
        expect(shaped(shaped(headers))).toEqual(shaped(headers))
      }),
    )
  })
})

describe('the conversation of a host’s request', () => {
  it.each<{
    name: string
    given: Headers.Headers
    cacheKey?: string
    expected: object | undefined
  }>([
    { name: 'a session', given: [['session-id', 's']], expected: { id: 's', parent: O.none } },
    {
      name: 'a sub-agent',
      given: [
        ['session-id', 's'],
        ['x-parent-session-id', 'p'],
      ],
      expected: { id: 's', parent: O.some('p') },
    },
    {
      name: 'its own parent',
      given: [
        ['session-id', 's'],
        ['x-parent-session-id', 's'],
      ],
      expected: { id: 's', parent: O.none },
    },
    { name: 'a cache key', given: [], cacheKey: 'k', expected: { id: 'k', parent: O.none } },
    { name: 'none', given: [], expected: undefined },
  ])('$name', ({ given, cacheKey, expected }) => {
    expect(ForeignHeaders.conversation(O.fromNullable(cacheKey))(given)).toEqual(
      O.fromNullable(expected),
    )
  })
})
