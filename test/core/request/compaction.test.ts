import * as Compaction from '../../../core/request/compaction'

it.each([
  { metadata: '{"request_kind":"compaction"}', isAsked: true },
  { metadata: '{"request_kind":"turn"}', isAsked: false },
  { metadata: '{"turn_id":"compaction"}', isAsked: false },
  { metadata: '"compaction"', isAsked: false },
  { metadata: '{', isAsked: false },
])('headers with $metadata ask for one: $isAsked', ({ metadata, isAsked }) => {
  expect(Compaction.isAskedInHeaders([['x-codex-turn-metadata', metadata]])).toBe(isAsked)
  expect(Compaction.isAskedInHeaders([['x-other', metadata]])).toBe(false)
})

const trigger = { type: 'compaction_trigger' }
const said = { type: 'message', role: 'user', content: [] }

it.each([
  { name: 'that ends with the trigger', body: { input: [said, trigger] }, isAsked: true },
  { name: 'that goes on after it', body: { input: [trigger, said] }, isAsked: false },
  { name: 'without input', body: {}, isAsked: false },
  { name: 'that is none', body: null, isAsked: false },
])('a body $name asks for one: $isAsked', ({ body, isAsked }) => {
  expect(Compaction.isAskedInBody(body)).toBe(isAsked)
})

it.each([
  { type: 'response.output_item.done', item: { type: 'compaction' }, isIn: true },
  { type: 'response.output_item.added', item: { type: 'compaction' }, isIn: false },
  { type: 'response.output_item.done', item: { type: 'message' }, isIn: false },
  { type: 'response.output_item.done', item: 'compaction', isIn: false },
])('an event of $type with $item holds one: $isIn', ({ isIn, ...event }) => {
  expect(Compaction.isIn(event)).toBe(isIn)
})
