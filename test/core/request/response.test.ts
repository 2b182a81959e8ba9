import * as fc from 'fast-check'
import type { Fields } from '../../../core/request/fields'
import * as Response from '../../../core/request/response'

const folded = (...events: ReadonlyArray<Fields>): Response.Folded => Response.fold(events)

const done = (id: string): Fields => ({
  type: 'response.output_item.done',
  item: { id, type: 'message' },
})

describe('a stream folded to one response', () => {
  it.each<{ name: string; events: ReadonlyArray<Fields>; expected: object }>([
    {
      name: 'completed',
      events: [
        { type: 'response.created' },
        { type: 'response.completed', response: { id: 'r', output: [1] } },
      ],
      expected: { _tag: 'Response', response: { id: 'r', output: [1] } },
    },
    {
      name: 'done',
      events: [{ type: 'response.done', response: { id: 'r', output: [1] } }],
      expected: { _tag: 'Response', response: { id: 'r', output: [1] } },
    },
    {
      name: 'incomplete',
      events: [
        { type: 'response.incomplete', response: { id: 'r', status: 'incomplete', output: [1] } },
      ],
      expected: { _tag: 'Response', response: { id: 'r', status: 'incomplete', output: [1] } },
    },
    {
      name: 'an empty output',
      events: [
        done('a'),
        done('b'),
        { type: 'response.completed', response: { id: 'r', output: [] } },
      ],
      expected: {
        _tag: 'Response',
        response: {
          id: 'r',
          output: [
            { id: 'a', type: 'message' },
            { id: 'b', type: 'message' },
          ],
        },
      },
    },
    {
      name: 'no output',
      events: [done('a'), { type: 'response.completed', response: { id: 'r' } }],
      expected: { _tag: 'Response', response: { id: 'r', output: [{ id: 'a', type: 'message' }] } },
    },
    {
      name: 'a cut stream',
      events: [{ type: 'response.created' }, done('a')],
      expected: { _tag: 'Failed', failure: { code: 'stream_cut' } },
    },
    {
      name: 'an empty stream',
      events: [],
      expected: { _tag: 'Failed', failure: { code: 'stream_cut' } },
    },
    {
      name: 'a failed response',
      events: [
        { type: 'response.failed', response: { error: { code: 'server_error', message: 'no' } } },
      ],
      expected: { _tag: 'Failed', failure: { code: 'server_error', message: 'no' } },
    },
    {
      name: 'an error',
      events: [done('a'), { type: 'error', code: 'rate_limit_exceeded', message: 'slow' }],
      expected: { _tag: 'Failed', failure: { code: 'rate_limit_exceeded', message: 'slow' } },
    },
  ])('$name', ({ events, expected }) => {
    expect(folded(...events)).toMatchObject(expected)
  })

  it('loses no item, whatever the items hold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ id: fc.string(), text: fc.string({ unit: 'grapheme' }) })),
        (items) => {
          const events = items.map((item) => ({ type: 'response.output_item.done', item }))
          expect(folded(...events, { type: 'response.completed', response: {} })).toEqual({
            _tag: 'Response',
            response: { output: items },
          })
        },
      ),
    )
  })
})
