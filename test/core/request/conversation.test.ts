import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Conversation from '../../../core/request/conversation'
import { someHeaders } from '../../support/headers'

const idsOf = (headers: Readonly<Record<string, string>>) => {
  const conversation = O.toUndefined(Conversation.ofHeaders(Object.entries(headers)))
  return conversation && [conversation.id, O.toUndefined(conversation.parent)]
}

const long = 'x'.repeat(256)

describe('the conversation of a request', () => {
  it.each([
    { name: 'none', headers: {}, expected: undefined },
    {
      name: 'a main thread, which has its session’s id',
      headers: { 'session-id': 't1', 'thread-id': 't1' },
      expected: ['t1', undefined],
    },
    {
      name: 'a sub-agent, which keeps its session’s id',
      headers: { 'session-id': 't1', 'thread-id': 't2' },
      expected: ['t2', 't1'],
    },
    {
      name: 'a sub-agent that names its parent',
      headers: { 'session-id': 't1', 'thread-id': 't3', 'x-codex-parent-thread-id': 't2' },
      expected: ['t3', 't2'],
    },
    { name: 'a session alone', headers: { 'session-id': 't1' }, expected: ['t1', undefined] },
    { name: 'a thread alone', headers: { 'thread-id': 't1' }, expected: ['t1', undefined] },
    {
      name: 'nobody is their own parent',
      headers: { 'thread-id': 't1', 'x-codex-parent-thread-id': 't1' },
      expected: ['t1', undefined],
    },
    {
      name: 'an empty id is none',
      headers: { 'thread-id': '', 'session-id': 't1' },
      expected: ['t1', undefined],
    },
    { name: 'a long id', headers: { 'thread-id': long }, expected: [long, undefined] },
    {
      name: 'one of absurd length is none',
      headers: { 'thread-id': `${long}x`, 'session-id': 't1' },
      expected: ['t1', undefined],
    },
    {
      name: 'a parent is no conversation of its own',
      headers: { 'x-codex-parent-thread-id': 't1' },
      expected: undefined,
    },
  ])('$name', ({ headers, expected }) => {
    expect(idsOf(headers)).toEqual(expected)
  })

  it('is told by no other header', () => {
    fc.assert(
      fc.property(someHeaders, (headers) => {
        expect(Conversation.ofHeaders(headers)).toEqual(O.none)
        const named = Conversation.ofHeaders([...headers, ['thread-id', 't1']])
        expect(named).toEqual(O.some({ id: 't1', parent: O.none }))
      }),
    )
  })
})

describe('what belongs to no conversation', () => {
  it('belongs to one run of a client', () => {
    expect(Conversation.ambient(7)).toEqual(Conversation.ambient(7))
    expect(Conversation.ambient(7).id).not.toBe(Conversation.ambient(8).id)
  })

  it('is told from conversations by its id', () => {
    expect(Conversation.isAmbient(Conversation.ambient(7).id)).toBe(true)
    expect(Conversation.isAmbient('019a-thread')).toBe(false)
  })
})
