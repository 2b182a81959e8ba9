import * as O from 'fp-ts/Option'
import * as AskedModel from '../../../core/request/asked-model'

it.each([
  { hint: 'model=gpt-5.5', expected: O.some('gpt-5.5') },
  { hint: 'tier=fast; model=gpt-5.6-sol', expected: O.some('gpt-5.6-sol') },
  { hint: 'submodel=gpt-5.5', expected: O.none },
  { hint: 'model=', expected: O.none },
  { hint: `model=${'x'.repeat(129)}`, expected: O.none },
])('the hint $hint', ({ hint, expected }) => {
  expect(AskedModel.ofHeaders([[AskedModel.hint, hint]])).toEqual(expected)
})

it.each([
  { body: { model: 'gpt-5.5', input: [] }, expected: O.some('gpt-5.5') },
  { body: { model: 5 }, expected: O.none },
  { body: 'gpt-5.5', expected: O.none },
])('the body $body', ({ body, expected }) => {
  expect(AskedModel.ofBody(body)).toEqual(expected)
})
