/**
 * Questions to a person at a terminal. They stand on standard error, as the answer of a program does
 * not belong to them.
 * Laws: the answer is one of the choices; the first is the one that Enter takes; Ctrl-C, Escape and
 * the end of the input are no answer.
 */
import type * as O from 'fp-ts/Option'
import type { ResultAsync } from 'neverthrow'

export interface Choice<A> {
  readonly value: A
  readonly title: string
}

export interface Prompter {
  readonly choose: <A>(
    question: string,
    choices: ReadonlyArray<Choice<A>>,
  ) => ResultAsync<O.Option<A>, never>
}
