/** The smallest request that shows whether an account serves a model. */
import * as O from 'fp-ts/Option'
import type { Fields } from './fields'
import * as Model from './model'
import * as Shape from './shape'

export interface Probe {
  readonly model: string
  readonly body: Fields
}

export const of = (name: string): Probe => {
  const { model } = Model.ofName(name)
  const asked: Fields = {
    model: name,
    input: 'Say yes.',
    reasoning: { effort: Model.least(model) },
  }
  return {
    model,
    // A request of ours is always of a form that can be shaped.
    body: Shape.shape({ recall: () => O.none, allowsBackground: false })(asked)
      .map(({ body }) => body)
      .unwrapOr(asked),
  }
}
