/**
 * The body of a model request, as far as we ever change it.
 *
 * Reasoning comes back encrypted for the organisation that made it, and another one refuses the whole
 * request over it (protocol.md, section 3). A model can think anew; what it said and did stays.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { decode } from '../result'

const bodyForm = t.type({ input: t.array(t.unknown) }, 'ModelRequest')
const reasoningForm = t.type({ type: t.literal('reasoning'), encrypted_content: t.string })

/** The body less its encrypted reasoning; none when it holds none, or is no model request. */
export const withoutReasoning = (body: unknown): O.Option<object> =>
  decode(bodyForm)(body).match(
    (request) => {
      const input = request.input.filter((item) => !reasoningForm.is(item))
      return input.length === request.input.length ? O.none : O.some({ ...request, input })
    },
    () => O.none,
  )

/** The body as it asks for another model; none when it is no model request. */
export const withModel =
  (model: string) =>
  (body: unknown): O.Option<object> =>
    decode(bodyForm)(body).match(
      (request) => O.some({ ...request, model }),
      () => O.none,
    )
