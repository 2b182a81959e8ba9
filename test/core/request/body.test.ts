import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { withModel, withoutReasoning } from '../../../core/request/body'

const said = { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'hello' }] }
const thought = { type: 'reasoning', id: 'rs_1', encrypted_content: 'gAAAA', summary: [] }
const folded = { type: 'compaction', encrypted_content: 'gAAAA' }

it('drops encrypted reasoning and keeps everything else, in order', () => {
  const body = { model: 'm', input: [said, thought, folded, thought, said], future: { field: 1 } }
  expect(withoutReasoning(body)).toEqual(
    O.some({ model: 'm', input: [said, folded, said], future: { field: 1 } }),
  )
})

it.each([
  { name: 'no reasoning', body: { input: [said] } },
  {
    name: 'reasoning that is not encrypted',
    body: { input: [{ type: 'reasoning', summary: [] }] },
  },
  { name: 'no input', body: { model: 'm' } },
  { name: 'an input that is a text', body: { input: 'hello' } },
  { name: 'no object', body: null },
])('changes nothing: $name', ({ body }) => {
  expect(withoutReasoning(body)).toEqual(O.none)
})

it('asks for another model, and keeps everything else', () => {
  const body = { model: 'm', input: [said, thought], future: { field: 1 } }
  expect(withModel('other')(body)).toEqual(O.some({ ...body, model: 'other' }))
  expect(withModel('other')({ model: 'm' })).toEqual(O.none)
})

it('never leaves encrypted reasoning, and never takes anything else away', () => {
  const anItem = fc.oneof(fc.constantFrom(said, thought, folded), fc.jsonValue())
  fc.assert(
    fc.property(fc.array(anItem), (input) => {
      const left = withoutReasoning({ input })
      const expected = input.filter((item) => item !== thought)
      expect(O.isSome(left) ? left.value : { input }).toEqual({ input: expected })
    }),
  )
})
